import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditQuarters as engineQuarters } from '#lib/engine/attribution/credit-quarters.ts';
import { encodeCodes } from '#lib/engine/attribution/encode-codes.ts';
import { attributionMethod, type IndexHeader } from '#lib/engine/attribution/index-header.ts';
import { rowForm } from '#lib/engine/attribution/low-bits.ts';
import { noiseCut } from '#lib/engine/attribution/noise-cut.ts';
import { packIds } from '#lib/engine/attribution/packed-ids.ts';
import type { Codes } from '#lib/engine/attribution/quantise.ts';
import { readIndex } from '#lib/engine/attribution/read-index.ts';
import { rowStride } from '#lib/engine/attribution/row-shard.ts';
import { scoreRows } from '#lib/engine/attribution/score-rows.ts';
import { writeIndex1 } from '#lib/engine/attribution/test-support/write-index-1.ts';
import { writeIndex, writeRow } from '#lib/engine/attribution/write-index.ts';
import { defaultLoraConfig } from '#lib/engine/lora/config.ts';
import { bufferSource } from './byte-source.ts';
import { creditQuarters } from './credit-quarters.ts';
import { IndexFileError, readIndexFile } from './index-file.ts';
import { summariseNoise } from './noise-cut.ts';
import { parseQueryCodes, rescoreIndex } from './rescore.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rescore-'));
});
afterAll(() => rm(dir, { recursive: true }));

const layers = [{ size: 5, lambda: 0.5 }];
const whitenings = [{ ...layers[0]!, factor: new Float32Array(15).fill(1) }];

const bases = [{ outputs: 3, columns: 2, output: Float32Array.of(1, 2, 3, 4, 5, 6), rank: null }];

function headerOf(dims: number, ids: readonly string[]): IndexHeader {
  return {
    ...{ method: attributionMethod, baseSha256: 'b', adapterSha256: 'a'.repeat(64), lora: defaultLoraConfig },
    ...{ seed: 's', rankWidth: 8, dims, layers, dEff: 1, maxSeqLength: 9 },
    ...{ rows: ids.length, fisherRows: ids.length, idBytes: packIds(ids).utf8.length },
  };
}

/** A real index file of format 2 with the given rows. */
async function write(dims: number, ids: readonly string[], rows: readonly Codes[]): Promise<string> {
  const stride = rowStride(dims);
  const bytes = new Uint8Array(rows.length * stride);
  for (const [row, codes] of rows.entries()) writeRow(bytes, row * stride, stride, codes);
  const path = join(dir, 'index');
  await writeIndex(path, headerOf(dims, ids), { whitenings, bases }, packIds(ids), [bytes]);
  return path;
}

async function rescore(path: string, query: Codes) {
  const source = bufferSource(await readFile(path));
  const index = await readIndexFile(source);
  return { index, scores: await rescoreIndex(source, index, parseQueryCodes(encodeCodes(query))) };
}

const codesOf = (dims: number) =>
  fc.record({
    codes: fc.int8Array({ min: -127, max: 127, minLength: dims, maxLength: dims }),
    scale: fc.integer({ min: 1, max: 2 ** 26 }),
  });

describe('rescoreIndex', () => {
  it('gives what the engine gives: scores, ids, sigma, cut, positive sum and the rows above the cut', async () => {
    const cases = fc.integer({ min: 1, max: 40 }).chain((dims) =>
      fc.record({
        dims: fc.constant(dims),
        rows: fc.array(codesOf(dims), { minLength: 1, maxLength: 12 }),
        query: codesOf(dims),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ dims, rows, query }) => {
        const ids = rows.map((_, row) => `ex_${row}${'ü'.repeat(row % 4)}`);
        const path = await write(dims, ids, rows);
        const engine = scoreRows(await readIndex(path), query);
        const { index, scores } = await rescore(path, query);
        expect(scores).toEqual(engine.scores);
        expect(index).toMatchObject({ ids, rows: rows.length, dims, method: attributionMethod });
        const { sigma, cut, positiveSum } = summariseNoise(scores, attributionMethod);
        expect({ sigma, cut, positiveSum }).toEqual({
          sigma: engine.sigma,
          cut: engine.cutScore,
          positiveSum: engine.positiveSum,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('gives what the engine gives on packed rows', async () => {
    const cases = fc.record({
      widths: fc.array(fc.constantFrom(0, 1, 2, 4), { minLength: 1, maxLength: 40 }),
      shift: fc.nat(12),
      count: fc.integer({ min: 1, max: 6 }),
      bytes: fc.infiniteStream(fc.nat(255)),
      scale: fc.integer({ min: 1, max: 2 ** 26 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ widths, shift, count, bytes, scale }) => {
        const next = (): number => bytes.next().value as number;
        const form = rowForm(Uint8Array.from(widths));
        const dims = form.positions.length;
        const rows = Uint8Array.from({ length: count * form.bytes }, next);
        const ids = Array.from({ length: count }, (_, row) => `ex_${row}`);
        const path = join(dir, 'packed');
        await writeIndex(path, headerOf(dims, ids), { widths: form.widths, shift }, packIds(ids), [rows]);
        const query = { codes: Int8Array.from({ length: dims }, () => (next() % 255) - 127), scale };
        const { index, scores } = await rescore(path, query);
        expect(index).toMatchObject({ ids, rows: count, dims });
        expect(scores).toEqual(scoreRows(await readIndex(path), query).scores);
      }),
      { numRuns: 100 },
    );
  });

  it('reads format 1, with which old receipts were made', async () => {
    const rows: Codes[] = [1, 2, 3].map((n) => ({ codes: Int8Array.from([n, -n, 7, 0, n]), scale: 2 ** 24 + n }));
    const exampleIds = ['ex_a', 'ex_b', 'ex_c'];
    const path = join(dir, 'old');
    const { rows: _, fisherRows: __, idBytes: ___, rankWidth: ____, ...rest } = headerOf(5, exampleIds);
    await writeIndex1(path, { ...rest, ...{ exampleIds } }, whitenings, rows);
    const query = { codes: Int8Array.from([9, 8, -7, 6, 5]), scale: 2 ** 25 };
    const { index, scores } = await rescore(path, query);
    expect(index.ids).toEqual(exampleIds);
    expect(scores).toEqual(scoreRows(await readIndex(path), query).scores);
  });

  it('says what is wrong with a file, instead of scoring something else', async () => {
    const path = await write(5, ['ex_a'], [{ codes: new Int8Array(5), scale: 1 }]);
    const bytes = await readFile(path);
    const refusal = (changed: Uint8Array, query = new Uint8Array(9)) => {
      const source = bufferSource(changed);
      const rescored = readIndexFile(source).then((index) => rescoreIndex(source, index, parseQueryCodes(query)));
      return rescored.then(
        () => 'taken',
        (error: unknown) => (error instanceof IndexFileError ? error.message : `other: ${String(error)}`),
      );
    };
    expect(await refusal(bytes)).toBe('taken');
    expect(await refusal(new Uint8Array(3))).toContain('too short');
    expect(await refusal(Buffer.concat([Buffer.from('OLATTR99'), bytes.subarray(8)]))).toContain(
      'no attribution index',
    );
    expect(await refusal(Buffer.concat([bytes.subarray(0, 12), Buffer.from('x'), bytes.subarray(13)]))).toContain(
      'header',
    );
    expect(await refusal(bytes.subarray(0, 40))).toContain('header');
    expect(await refusal(bytes, new Uint8Array(10))).toContain('6 codes, the index 5');
    expect(await refusal(bytes, new Uint8Array(2))).toContain('codes are too short');
  });
});

it('summariseNoise agrees with the engine for any 64-bit scores, by methods of today and before', () => {
  const scoresOf = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  fc.assert(
    fc.property(
      scoresOf,
      fc.constantFrom(attributionMethod, 'lora-b-fisher-int8/8', 'lora-b-fisher-int8/5'),
      (values, method) => {
        const scores = BigInt64Array.from(values);
        const { sigma, cut, positiveSum } = noiseCut(scores, engineQuarters(method, scores.length));
        expect(summariseNoise(scores, method)).toEqual({ sigma, cut, positiveSum });
      },
    ),
  );
});

it('credit begins where the engine says, whatever the number of rows', () => {
  const methods = [attributionMethod, ...[1, 2, 3, 4, 5, 6, 7, 8].map((version) => `lora-b-fisher-int8/${version}`)];
  fc.assert(
    fc.property(fc.constantFrom(...methods), fc.integer({ min: 1, max: 2_000_000 }), (method, rows) => {
      expect(creditQuarters(method, rows)).toBe(BigInt(engineQuarters(method, rows)));
    }),
  );
  const sizes = [1, 255, 256, 511, 512, 4_095, 4_096, 32_767, 32_768, 10 ** 6];
  const quartersOf = (version: number) => {
    const method = `lora-b-fisher-int8/${version}`;
    const quarters = sizes.map((rows) => creditQuarters(method, rows));
    expect(sizes.map((rows) => BigInt(engineQuarters(method, rows)))).toEqual(quarters);
    return quarters;
  };
  expect(quartersOf(9)).toEqual([4n, 4n, 5n, 5n, 6n, 8n, 9n, 11n, 12n, 12n]);
  expect(quartersOf(8)).toEqual([7n, 7n, 8n, 8n, 9n, 11n, 12n, 12n, 12n, 12n]);
  expect(quartersOf(6)).toEqual(quartersOf(8));
  expect(new Set(quartersOf(5))).toEqual(new Set([12n]));
});
