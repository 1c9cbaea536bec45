import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLoraConfig } from '../lora/config.ts';
import { attributionMethod, type IndexHeader, readIndex, writeIndex } from './index-file.ts';
import { scanIndex } from './scan.ts';

let dir = '';
let path = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'index-file-'));
  path = join(dir, 'index');
});
afterAll(() => rm(dir, { recursive: true }));

const header: IndexHeader = {
  method: attributionMethod,
  baseSha256: 'b',
  adapterSha256: 'a',
  lora: defaultLoraConfig,
  seed: 'é',
  width: 1,
  dims: 5,
  layers: [
    { size: 2, lambda: 0.5 },
    { size: 3, lambda: 0.25 },
  ],
  dEff: 1.5,
  maxSeqLength: 9,
  exampleIds: ['ex_1', 'ex_2'],
};
const whitenings = [
  { factor: Float32Array.of(1, 2, 3), size: 2, lambda: 0.5 },
  { factor: Float32Array.of(1, 2, 3, 4, 5, 6), size: 3, lambda: 0.25 },
];
const rows = [
  { codes: Int8Array.of(1, -2, 3, -127, 127), scale: 2 ** 32 - 1 },
  { codes: Int8Array.of(0, 0, 5, 0, 0), scale: 2 ** 24 },
];

describe('the index file', () => {
  it('comes back as it was written, with the hash of its bytes', async () => {
    const sha256 = await writeIndex(path, header, whitenings, rows);
    const index = await readIndex(path);
    expect(index).toEqual({
      header,
      sha256,
      whitenings,
      codes: Int8Array.of(1, -2, 3, -127, 127, 0, 0, 5, 0, 0),
      scales: Uint32Array.of(2 ** 32 - 1, 2 ** 24),
    });
  });

  it('is scored exactly: products, scales and count, cut towards zero', async () => {
    await writeIndex(path, header, whitenings, rows);
    const query = { codes: Int8Array.of(127, 127, -127, 127, 127), scale: 3 * 2 ** 24 };
    // Row 2: 5 x -127 = -635, scales 1 and 3, N 2: -952.5 nats.
    const [first, second] = scanIndex(await readIndex(path), query);
    expect(second).toBe((-9525n * 2n ** 32n) / 10n);
    const product = BigInt(127 - 254 - 381 - 127 * 127 + 127 * 127);
    expect(first).toBe((product * (2n ** 32n - 1n) * 3n * 2n ** 24n) / (2n * 2n ** 16n));
  });

  it('is refused when broken', async () => {
    await writeIndex(path, header, whitenings, rows);
    const bytes = await readFile(path);
    const cases: [Buffer, RegExp][] = [
      [bytes.subarray(0, -1), /truncated or has bytes too many/],
      [Buffer.concat([bytes, Buffer.of(0)]), /truncated or has bytes too many/],
      [Buffer.from('hello, this is no index'), /is no attribution index/],
      [
        Buffer.from(bytes.toString('latin1').replace('int8/1', 'int8/9'), 'latin1'),
        /was made by lora-b-fisher-int8\/9/,
      ],
      [Buffer.from(bytes.toString('latin1').replace('{', '['), 'latin1'), /broken header/],
    ];
    for (const [content, message] of cases) {
      await writeFile(path, content);
      await expect(readIndex(path)).rejects.toThrow(message);
    }
    await expect(readIndex(join(dir, 'nothing'))).rejects.toThrow(/cannot be read/);
  });
});
