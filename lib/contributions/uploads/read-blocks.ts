import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import { maxRowBytes } from '../limits.ts';
import { parseCsv } from '../parse/parse-csv.ts';
import { parseJsonl } from '../parse/parse-jsonl.ts';
import type { ParsedFile } from '../parse/types.ts';
import { splitRecords } from './split-records.ts';
import { readPieces } from './upload-pieces.ts';

/** Rows are judged and stored so many bytes at a time: some thousand rows. */
const blockBytes = 256 * 1024;

/** A part of an upload as rows, and where the file has come to with it. */
export type ReadBlock = { parsed: ParsedFile; endBytes: number; endLines: number };

/** A byte that is no UTF-8, in the block that begins after `line`. */
export class NotUtf8Error extends Error {
  readonly line: number;
  constructor(line: number) {
    super(`not UTF-8 after line ${line}`);
    this.line = line;
  }
}

type Place = { id: string; fileName: string; readBytes: number; readLines: number };

/**
 * An upload's rows from where reading has come to, block by block; lines are the file's.
 *
 * @throws {NotUtf8Error | EndlessRecordError | ObjectNotFoundError}
 */
export async function* readBlocks(store: ObjectStore, upload: Place): AsyncGenerator<ReadBlock> {
  const quoted = /\.[ct]sv$/i.test(upload.fileName);
  const header = quoted ? await readHeader(store, upload.id) : { text: '', bytes: 0, lines: 0 };
  let endBytes = Math.max(upload.readBytes, header.bytes);
  let endLines = Math.max(upload.readLines, header.lines);
  for await (const block of splitRecords(readPieces(store, upload.id, endBytes), { quoted, blockBytes })) {
    const { bytes, skippedBytes } = block;
    const text = decode(bytes, endLines);
    const parsed = skippedBytes ? tooLong(skippedBytes) : quoted ? parseCsv(header.text + text) : parseJsonl(text);
    const shift = endLines - header.lines;
    endBytes += skippedBytes ?? bytes.length;
    endLines += block.lines;
    yield { parsed: shifted(parsed, shift), endBytes, endLines };
  }
}

/** A line that is no row, whatever stands in it; the others go on. */
function tooLong(bytes: number): ParsedFile {
  const fix = `The line has ${bytes} bytes and a row holds at most ${maxRowBytes}. Shorten or split it.`;
  return { format: 'jsonl', columns: [], rows: [], faults: [{ line: 1, fix }] };
}

/** The first record of a CSV file: every block is read with it. */
async function readHeader(store: ObjectStore, id: string): Promise<{ text: string; bytes: number; lines: number }> {
  for await (const { bytes, lines } of splitRecords(readPieces(store, id, 0), { quoted: true, blockBytes: 1 })) {
    return { text: decode(bytes, 0), bytes: bytes.length, lines };
  }
  return { text: '', bytes: 0, lines: 0 };
}

function decode(bytes: Uint8Array, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NotUtf8Error(line);
  }
}

function shifted(parsed: ParsedFile, lines: number): ParsedFile {
  const shift = <T extends { line: number }>(items: T[]) => items.map((item) => ({ ...item, line: item.line + lines }));
  return lines === 0 ? parsed : { ...parsed, rows: shift(parsed.rows), faults: shift(parsed.faults) };
}
