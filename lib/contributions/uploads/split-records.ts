/** Whole records of a file: `lines` is how many line ends are in them. With `skippedBytes`, one line that is too long, and no record. */
export type RecordBlock = { bytes: Uint8Array; lines: number; skippedBytes?: number };

/** A line longer than this is passed over; in CSV it may be a quote that was opened and never closed, and everything ends there. */
export const recordBytesMost = 2 * 1024 * 1024;
const newline = 10;
const quote = 34;

/** A record that does not end. `line` counts from 1, from where the splitting began. */
export class EndlessRecordError extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`no end of the record that begins in line ${line}`);
    this.line = line;
  }
}

/**
 * Cuts a file that comes in pieces where records end: at line ends, in CSV at those outside quotes. Blocks have at least `blockBytes` but
 * for the last one and those before a line that is passed over. Memory: a piece and a block.
 *
 * @throws {EndlessRecordError} in CSV
 */
export async function* splitRecords(
  pieces: AsyncIterable<Uint8Array>,
  { quoted, blockBytes }: { quoted: boolean; blockBytes: number },
): AsyncGenerator<RecordBlock> {
  let [rest, scanned, wholeEnd, isQuoted, lines, linesBefore, skippedBytes] = [nothing, 0, 0, false, 0, 0, 0];
  for await (const piece of pieces) {
    rest = joined(rest, piece);
    if (skippedBytes > 0) {
      const end = rest.indexOf(newline) + 1;
      skippedBytes += end || rest.length;
      rest = end ? rest.slice(end) : nothing;
      if (!end) continue;
      yield { bytes: nothing, lines: 1, skippedBytes };
      [linesBefore, skippedBytes] = [linesBefore + 1, 0];
    }
    let start = 0;
    for (; scanned < rest.length; scanned++) {
      if (quoted && rest[scanned] === quote) isQuoted = !isQuoted;
      if (rest[scanned] !== newline) continue;
      lines += 1;
      if (isQuoted) continue;
      wholeEnd = scanned + 1;
      if (wholeEnd - start < blockBytes) continue;
      yield { bytes: rest.subarray(start, wholeEnd), lines };
      [start, linesBefore, lines] = [wholeEnd, linesBefore + lines, 0];
    }
    const begun = Math.max(start, wholeEnd);
    if (rest.length - begun > recordBytesMost) {
      if (quoted) throw new EndlessRecordError(linesBefore + 1);
      if (begun > start) yield { bytes: rest.subarray(start, begun), lines };
      [start, linesBefore, lines, skippedBytes] = [rest.length, linesBefore + lines, 0, rest.length - begun];
    }
    rest = rest.slice(start);
    scanned -= start;
    wholeEnd = Math.max(0, wholeEnd - start);
  }
  if (isQuoted) throw new EndlessRecordError(linesBefore + 1);
  if (skippedBytes > 0) yield { bytes: nothing, lines: 0, skippedBytes };
  if (rest.length > 0) yield { bytes: rest, lines };
}

const nothing = new Uint8Array(0);

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
