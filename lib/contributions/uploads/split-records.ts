/** Whole records of a file: `lines` is how many line ends are in them. */
export type RecordBlock = { bytes: Uint8Array; lines: number };

/** A record longer than this is none: in CSV a quote was opened and never closed. */
const recordBytesMost = 2 * 1024 * 1024;
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
 * for the last one. Memory: a piece and a block.
 *
 * @throws {EndlessRecordError}
 */
export async function* splitRecords(
  pieces: AsyncIterable<Uint8Array>,
  { quoted, blockBytes }: { quoted: boolean; blockBytes: number },
): AsyncGenerator<RecordBlock> {
  let [rest, scanned, isQuoted, lines, linesBefore] = [new Uint8Array(0), 0, false, 0, 0];
  for await (const piece of pieces) {
    rest = joined(rest, piece);
    let [start, wholeEnd] = [0, 0];
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
    if (rest.length - Math.max(start, wholeEnd) > recordBytesMost) throw new EndlessRecordError(linesBefore + 1);
    rest = rest.slice(start);
    scanned -= start;
  }
  if (isQuoted) throw new EndlessRecordError(linesBefore + 1);
  if (rest.length > 0) yield { bytes: rest, lines };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
