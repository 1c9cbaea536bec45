import { writeFile } from 'node:fs/promises';
import type { Codes } from '../quantise.ts';
import type { Whitening } from '../whitening.ts';

/** Writes an index file of format 1, as the engine did before it had format 2. */
export async function writeIndex1(
  path: string,
  header: { dims: number },
  whitenings: readonly Whitening[],
  rows: readonly Codes[],
): Promise<void> {
  const json = JSON.stringify(header);
  const head = Buffer.alloc(Math.ceil((12 + Buffer.byteLength(json)) / 8) * 8, ' ');
  head.write('OLATTR01', 0, 'latin1');
  head.writeUInt32LE(head.length - 12, 8);
  head.write(json, 12);
  const stride = Math.ceil(header.dims / 4) * 4 + 4;
  const body = Buffer.alloc(rows.length * stride);
  for (const [row, { codes, scale }] of rows.entries()) {
    body.set(new Uint8Array(codes.buffer), row * stride);
    body.writeUInt32LE(scale, (row + 1) * stride - 4);
  }
  await writeFile(path, Buffer.concat([head, ...whitenings.map(({ factor }) => Buffer.from(factor.buffer)), body]));
}
