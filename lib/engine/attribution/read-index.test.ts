import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultLoraConfig } from '../lora/config.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { attributionMethod, type IndexHeader } from './index-header.ts';
import { rowForm } from './low-bits.ts';
import { idAt, packIds } from './packed-ids.ts';
import type { Codes } from './quantise.ts';
import { readIndex } from './read-index.ts';
import { alongDirections } from './row-directions.ts';
import { rowStride } from './row-shard.ts';
import { scanRows } from './scan.ts';
import { scoreRows } from './score-rows.ts';
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

  it('of packed rows comes back as the codes that its bits stand for, and is refused when it keeps other numbers', async () => {
    const form = rowForm(Uint8Array.of(2, 0, 4, 1, 4, 1, 2));
    expect(Array.from(form.positions)).toEqual([2, 4, 0, 6, 3, 5]);
    expect(form.bytes).toBe(4 + 1 + 1 + 1);
    // Scale 3; from the lowest bits up, four bits: 15 and 8, two bits: 0 and 3, one bit: 1 and 0.
    const packed = [3, 0, 0, 0, 0x8f, 0b11_00, 0b01];
    const rowsPacked = Uint8Array.from(ids.flatMap((_, row) => packed.with(0, 3 + row)));
    const facts = { ...header, dims: 6, layers: [{ size: 7, lambda: 0.5 }] };
    await writeIndex(path, facts, { widths: form.widths, shift: 2 }, packIds(ids), [
      rowsPacked.subarray(0, 5),
      rowsPacked.subarray(5),
    ]);
    const codes = Int8Array.of(127, 8, -75, 75, 40, -40);
    const same = ids.map((_, row) => ({ codes, scale: 3 + row }));
    const own = { codes: query.codes.subarray(0, 6), scale: query.scale };
    for (const shardBytes of [undefined, 2 * rowStride(6)]) {
      const index = await readIndex(path, shardBytes);
      expect(index.header.packed).toEqual({ numbers: 7, shift: 2 });
      expect(index).toMatchObject({ whitenings: [], bases: null, directions: null, positions: form.positions });
      const { rows: count, dims } = index.header;
      // The scan divides by four for two bits of shift.
      const [scores] = scanRows({ shards: index.shards, count, dims, shift: 2 }, [own]);
      const quarter = { ...own, scale: own.scale / 4 };
      expect([...scores!]).toEqual(referenceScan(same, quarter));
      expect(scoreRows(index, own).scores).toEqual(scores);
    }
    await writeIndex(path, facts, { widths: form.widths, shift: 30 }, packIds(ids), [rowsPacked]);
    await expect(readIndex(path)).rejects.toThrow(/shifts its scales by 30 bits/);
    await writeIndex(path, facts, { widths: form.widths, shift: 2 }, packIds(ids), [rowsPacked]);
    const bytes = await readFile(path);
    bytes[12 + bytes.readUInt32LE(8)]! ^= 0b10; // the first number has no bits any more
    await writeFile(path, bytes);
    await expect(readIndex(path)).rejects.toThrow(/keeps 5 features a row and says 6/);
  });

  it('of methods 5 to 7 has directions of few bits', async () => {
    await writeIndex(
      path,
      { ...header, method: 'lora-b-fisher-int8/7' },
      { whitenings: [], bases: null },
      packIds(ids),
      rowBytes(),
    );
    const written = await readFile(path);
    const ofJson = written.readUInt32LE(8);
    const json = written.toString('utf8', 12, 12 + ofJson).trimEnd();
    const lengths = [3, 2];
    const facts = { directions: { bits: 2, lengths } };
    const head = Buffer.from(JSON.stringify({ ...JSON.parse(json), ...facts }));
    const size = Buffer.alloc(4);
    size.writeUInt32LE(head.length);
    // Scales 1 to 4, then 00 01 10 | 11 00 01 | 10 11 00 | 01 10 11, lowest bits first.
    const scales = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
    const levels = Buffer.of(0b11_10_01_00, 0b11_10_01_00, 0b11_10_01_00);
    const rest = written.subarray(12 + ofJson);
    // Two numbers of the next layer: 00 01 | 10 11 | 00 01 | 10 11, all of scale 5.
    const next = Buffer.concat([
      Buffer.from(new Float32Array(4).fill(5).buffer),
      Buffer.of(0b11_10_01_00, 0b11_10_01_00),
    ]);
    await writeFile(path, Buffer.concat([written.subarray(0, 8), size, head, scales, levels, next, rest]));
    const { directions } = await readIndex(path);
    const vector = new Float64Array(8);
    alongDirections(directions![0]!, Float32Array.of(1, 10, 100), vector, 0);
    alongDirections(directions![1]!, Float32Array.of(1, 10), vector, 4);
    const byHand = [-3 - 10 + 100, 2 * (3 - 30 - 100), 3 * (1 + 30 - 300), 4 * (-1 + 10 + 300)];
    byHand.push(5 * (-3 - 10), 5 * (1 + 30), 5 * (-3 - 10), 5 * (1 + 30));
    expect([...vector]).toEqual(byHand.map((value) => 2 * value));
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
      [replaced(attributionMethod, 'lora-b-fisher-int8/0'), /was made by lora-b-fisher-int8\/0/],
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
