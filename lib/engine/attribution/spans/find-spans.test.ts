import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttributionIndexError, AttributionQueryError } from '../errors.ts';
import { type FindSpansOptions, findSpans } from './find-spans.ts';
import { readSpanIndex } from './span-file.ts';
import type { SpanIndex } from './span-index.ts';
import { writeSpanIndex } from './write-span-index.ts';

const vocabulary = 40;
let folder = '';
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spans-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(rows: readonly number[][], shardTokens = 1000, size = vocabulary): Promise<string> {
  const path = join(folder, `${files++}.spans`);
  const named = rows.map((tokens, i) => ({ id: `ex_${i}`, tokens: Int32Array.from(tokens) }));
  await writeSpanIndex(path, named, size, { shardTokens });
  return path;
}
const build = async (rows: readonly number[][], shardTokens?: number): Promise<SpanIndex> =>
  readSpanIndex(await write(rows, shardTokens));

type Options = Required<FindSpansOptions>;

/** The definition, with every row compared at every position. */
function slowSpans(rows: readonly number[][], answer: readonly number[], { minTokens, spansMax, rowsMax }: Options) {
  const total = rows.flat().length;
  const millibits = (id: number): number =>
    Math.round(1000 * Math.log2(total / Math.max(1, rows.flat().filter((token) => token === id).length)));
  const placesOf = (start: number, end: number): number[] =>
    rows.flatMap((row, r) =>
      row.flatMap((_, at) => (answer.slice(start, end).every((id, i) => row[at + i] === id) ? [r] : [])),
    );
  const spans = answer.flatMap((_, start) => {
    let end = start;
    while (end < answer.length && placesOf(start, end + 1).length > 0) end++;
    return [{ start, end }];
  });
  return spans
    .filter(({ start, end }) => end - start >= minTokens)
    .filter((a) => !spans.some((b) => a !== b && b.start <= a.start && b.end >= a.end))
    .map(({ start, end }) => {
      const places = placesOf(start, end);
      const bits = answer.slice(start, end).reduce((sum, id) => sum + millibits(id), 0);
      const exampleIds = [...new Set(places)].slice(0, rowsMax).map((row) => `ex_${row}`);
      return { start, end, millibits: bits, occurrences: places.length, exampleIds };
    })
    .sort((a, b) => b.millibits - a.millibits || a.start - b.start)
    .slice(0, spansMax);
}

describe('findSpans', () => {
  it('finds what a comparison of the answer with every place of every row finds, in one shard or many', async () => {
    const words = (max: number) => fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: max });
    const set = fc.array(words(24), { minLength: 1, maxLength: 6 });
    const options = fc.record({
      minTokens: fc.integer({ min: 1, max: 4 }),
      spansMax: fc.integer({ min: 0, max: 5 }),
      rowsMax: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(set, words(24), options, fc.integer({ min: 1, max: 60 }), async (rows, answer, limits, size) => {
        expect(findSpans(await build(rows, size), answer, limits)).toEqual(slowSpans(rows, answer, limits));
      }),
      { numRuns: 100 },
    );
  });

  it('never matches across the border of two rows', async () => {
    const answer = [1, 2, 3, 4, 5, 6, 7, 8];
    const index = await build([answer.slice(0, 4), answer.slice(4)]);
    expect(findSpans(index, answer)).toEqual([]);
    expect(findSpans(index, answer, { minTokens: 4, spansMax: 9 }).map(({ start, end }) => [start, end])).toEqual([
      [0, 4],
      [4, 8],
    ]);
  });

  it('gives one span for an answer that is a row word for word, with every row that holds it', async () => {
    const answer = Array.from({ length: 20 }, (_, i) => i);
    const spans = findSpans(await build([[30, ...answer, 31], [5, 6, 7, 8, 9, 10, 11], answer]), answer);
    expect(spans).toMatchObject([{ start: 0, end: 20, occurrences: 2, exampleIds: ['ex_0', 'ex_2'] }]);
  });

  it('prefers long and rare stretches, keeps 5 % of the tokens, and needs six', async () => {
    const common = [1, 2, 3, 1, 2, 3];
    const rare = [30, 31, 32, 33, 34, 35];
    const index = await build([...Array.from({ length: 20 }, () => common), rare]);
    const answer = [...common, 20, ...rare, 21, ...common.slice(0, 5)];
    expect(findSpans(index, answer)).toMatchObject([{ start: 7, end: 13, occurrences: 1, exampleIds: ['ex_20'] }]);
    const both = findSpans(index, answer, { spansMax: 9 });
    expect(both.map(({ start }) => start)).toEqual([7, 0]);
    expect(both[1]).toMatchObject({ occurrences: 20, exampleIds: Array.from({ length: 10 }, (_, i) => `ex_${i}`) });
  });

  it('counts every place of a phrase that stands everywhere, and names the oldest rows', async () => {
    const phrase = [7, 8, 9, 10, 11, 12];
    const index = await build(
      Array.from({ length: 5000 }, () => phrase),
      50_000,
    );
    const first = Array.from({ length: 10 }, (_, i) => `ex_${i}`);
    expect(findSpans(index, phrase)).toMatchObject([{ occurrences: 5000, exampleIds: first }]);
  });

  it('takes empty answers, empty rows and no rows at all', async () => {
    expect(findSpans(await build([[1, 2]]), [])).toEqual([]);
    expect(findSpans(await build([]), [1], { minTokens: 1 })).toEqual([]);
    expect(findSpans(await build([[], [3], []]), [3], { minTokens: 1 })).toMatchObject([{ exampleIds: ['ex_1'] }]);
  });

  it('refuses ids that are no tokens, among them the one that would stand for the end of a row', async () => {
    const index = await build([[1], [2]]);
    for (const id of [-1, vocabulary, 0.5]) expect(() => findSpans(index, [id])).toThrow(AttributionQueryError);
  });
});

describe('the file', () => {
  it('is the same bytes for the same rows, and holds tokens of more than 16 bits', async () => {
    const rows = [
      [1, 2, 3],
      [70_000, 1, 2],
    ];
    const path = await write(rows, 1000, 80_000);
    expect((await readFile(await write(rows, 1000, 80_000))).equals(await readFile(path))).toBe(true);
    expect(findSpans(await readSpanIndex(path), [70_000, 1], { minTokens: 2 })).toMatchObject([{ occurrences: 1 }]);
  });

  it('is refused when it is cut, too long or something else', async () => {
    const path = await write([[1, 2, 3]]);
    await appendFile(path, 'x');
    await expect(readSpanIndex(path)).rejects.toThrow(AttributionIndexError);
    await truncate(path, 100);
    await expect(readSpanIndex(path)).rejects.toThrow(AttributionIndexError);
    await writeFile(path, 'a poem of some length');
    await expect(readSpanIndex(path)).rejects.toThrow('is no span index');
    await expect(readSpanIndex(join(folder, 'none'))).rejects.toThrow(AttributionIndexError);
  });
});
