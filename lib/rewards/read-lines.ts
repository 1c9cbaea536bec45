import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes in memory, or the path of a file, however large. */
export type ByteSource = Uint8Array | string;

const chunkBytes = 1 << 20;
const newline = 10;

/** The lines of UTF-8 text, without their ends; of a file no more than one chunk and one line are in memory. */
export function* readLines(source: ByteSource): Generator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of readChunks(source)) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      yield bytes.toString('utf8', start, end);
      start = end + 1;
    }
    rest = Buffer.from(bytes.subarray(start)); // a copy: the chunk is filled anew
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

function* readChunks(source: ByteSource): Generator<Buffer> {
  if (typeof source !== 'string') {
    for (let at = 0; at < source.length; at += chunkBytes) yield Buffer.from(source.subarray(at, at + chunkBytes));
    return;
  }
  const file = openSync(source, 'r');
  try {
    const chunk = Buffer.alloc(chunkBytes);
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) yield chunk.subarray(0, size);
  } finally {
    closeSync(file);
  }
}
