import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLoraConfig } from '../lora/config.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { attributionMethod, type IndexHeader } from './index-header.ts';
import { idAt, packIds } from './packed-ids.ts';
import type { Codes } from './quantise.ts';
import { readIndex } from './read-index.ts';
import { rowStride } from './row-shard.ts';
import { scanRows } from './scan.ts';
import { referenceScan } from './test-support/reference-scan.ts';
import { writeIndex1 } from './test-support/write-index-1.ts';
import { writeIndex, writeRow } from './write-index.ts';

let dir = '';
let path = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'index-file-'));
  path = join(dir, 'index');
});
afterAll(() => rm(dir, { recursive: true }));

const ids = ['ex_1', 'ex_zwei_ü', '', 'ex_4'];
const dims = 13; // with the scale over one multiple of 16
const common = {
  ...{
    method: attributionMethod,
    baseSha256: 'b',
    adapterSha256: 'a',
    lora: defaultLoraConfig,
    seed: 'é',
    dims,
  },
  layers: [
    { size: 6, lambda: 0.5 },
    { size: 7, lambda: 0.25 },
  ],
  ...{ dEff: 1.5, maxSeqLength: 9 },
};
const header: IndexHeader = {
  ...common,
  rankWidth: 8,
  rows: ids.length,
  fisherRows: 3,
  idBytes: packIds(ids).utf8.length,
};
const whitenings = common.layers.map(({ size, lambda }) => ({
  factor: Float32Array.from({ length: (size * (size + 1)) / 2 }, (_, i) => i + lambda),
  ...{ size, lambda },
}));
const rows = ids.map(
  (_, row): Codes => ({
    codes: Int8Array.from({ length: dims }, (__, i) => ((i + 1) * (row + 3) * 37) % 128),
    scale: row === 0 ? 2 ** 32 - 1 : 2 ** 24 + row,
  }),
);
const query = { codes: Int8Array.from({ length: dims }, (_, i) => (i % 2 ? -127 : 126 - i)), scale: 3 * 2 ** 24 };

function rowBytes(): Uint8Array[] {
  const stride = rowStride(dims);
  const bytes = new Uint8Array(rows.length * stride);
  for (const [row, codes] of rows.entries()) writeRow(bytes, row * stride, stride, codes);
  return [bytes.subarray(0, 40), bytes.subarray(40)]; // parts need not end with rows
}

const bases = [
  { outputs: 2, columns: 3, output: Float32Array.of(1, -2, 0.5, 4, 0, 8), rank: null },
  { outputs: 5, columns: 5, output: null, rank: Float32Array.from({ length: 64 }, (_, i) => i / 8) },
];
const basesHeader = [
  { outputs: 2, columns: 3, output: true, rank: false },
  { outputs: 5, columns: 5, output: false, rank: true },
];
const write = (): Promise<string> => writeIndex(path, header, { whitenings, bases }, packIds(ids), rowBytes());
const scan = ({ shards, header }: AttributionIndex): bigint[] => [
  ...scanRows({ shards, count: header.rows, dims: header.dims }, [query])[0]!,
];

describe('an index file', () => {
  it('comes back as it was written, with the hash of its bytes, in one memory or several', async () => {
    const sha256 = await write();
    for (const shardBytes of [undefined, 2 * rowStride(dims)]) {
      const index = await readIndex(path, shardBytes);
      expect(index).toMatchObject({
        header: { ...header, factors: 'bfloat16', bases: basesHeader },
        ...{ sha256, whitenings, bases },
      });
      expect(ids.map((_, row) => idAt(index.ids, row))).toEqual(ids);
      expect(index.shards.map(({ count }) => count)).toEqual(shardBytes ? [2, 2] : [4]);
      expect(scan(index)).toEqual(referenceScan(rows, query));
    }
    expect(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ).toBe(sha256);
  });

  it('with directions in place of factors and bases comes back, and is refused when they are fewer bits than it says', async () => {
    const directions = [
      {
        levels: Int8Array.from({ length: 4 * 3 }, (_, i) => [-3, -1, 1, 3][i % 4]!),
        scales: Float32Array.of(1, 0.5, 0, 2),
      },
      { levels: Int8Array.from({ length: 4 * 5 }, (_, i) => [3, 1, -1][i % 3]!), scales: Float32Array.of(3, 1, 4, 1) },
    ].map((one, i) => ({ ...one, length: [3, 5][i]! }));
    await writeIndex(path, header, { directions, bits: 2 }, packIds(ids), rowBytes());
    const index = await readIndex(path);
    expect(index).toMatchObject({ directions, whitenings: [], bases: null });
    expect(index.header.directions).toEqual({ bits: 2, lengths: [3, 5] });
    expect(scan(index)).toEqual(referenceScan(rows, query));
    const bytes = await readFile(path);
    await writeFile(path, Buffer.from(bytes.toString('latin1').replace('"bits":2', '"bits":1'), 'latin1'));
    await expect(readIndex(path)).rejects.toThrow(/truncated or has bytes too many/);
  });

  it('of format 1 gives the same scores, so that old receipts stay verifiable', async () => {
    await writeIndex1(path, { ...common, ...{ exampleIds: ids } }, whitenings, rows);
    const index = await readIndex(path);
    expect(index).toMatchObject({ header: { ...header, fisherRows: 4 }, whitenings, bases: null });
    expect(index.sha256).toBe(
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    expect(ids.map((_, row) => idAt(index.ids, row))).toEqual(ids);
    expect(scan(index)).toEqual(referenceScan(rows, query));
  });

  it('is refused when broken', async () => {
    await write();
    const bytes = await readFile(path);
    const replaced = (from: string, to: string): Buffer =>
      Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
    const cases: [Buffer, RegExp][] = [
      [bytes.subarray(0, -1), /truncated or has bytes too many/],
      [bytes.subarray(0, 30), /truncated or has bytes too many/],
      [Buffer.concat([bytes, Buffer.of(0)]), /truncated or has bytes too many/],
      [replaced('"columns":3', '"columns":4'), /truncated or has bytes too many/],
      [replaced('"rows":4', '"rows":5'), /truncated or has bytes too many/],
      [Buffer.from('hello, this is no index'), /is no attribution index/],
      [replaced(attributionMethod, 'lora-b-fisher-int8/9'), /was made by lora-b-fisher-int8\/9/],
      [replaced('{', '['), /broken header/],
      [replaced('"dims":13,"lay', '"dims":999999,"lay'), /999999 features a row/],
    ];
    for (const [content, message] of cases) {
      await writeFile(path, content);
      await expect(readIndex(path)).rejects.toThrow(message);
    }
    await expect(readIndex(join(dir, 'nothing'))).rejects.toThrow(/cannot be read/);
  });
});
