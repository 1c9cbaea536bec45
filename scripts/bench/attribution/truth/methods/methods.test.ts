import { expect, test } from 'vitest';
import { bm25Scores } from './bm25.ts';
import { dataInfScores } from './data-inf.ts';
import { exactInfluenceScores } from './exact-influence.ts';
import { cosines, dot, gram, products } from './vectors.ts';

const rows = [Float32Array.of(1, 2, 0), Float32Array.of(0, 1, -1), Float32Array.of(2, 0, 3)];
const query = Float32Array.of(1, -1, 2);

test('products, cosines and grams of whole vectors and of parts', () => {
  expect([...products([query], rows)[0]!]).toEqual([-1, -3, 8]);
  expect([...products([query], rows, 1, 3)[0]!]).toEqual([-2, -3, 6]);
  expect(cosines([query], rows)[0]![2]).toBeCloseTo(8 / Math.sqrt(6 * 13), 12);
  expect(cosines([new Float32Array(3)], rows)[0]![0]).toBe(0);
  expect(gram(rows, 0, 2).map((line) => [...line])).toEqual([
    [5, 2, 2],
    [2, 1, 0],
    [2, 0, 4],
  ]);
  expect(dot(Float32Array.of(1, 2, 3, 4, 5), Float32Array.of(1, 1, 1, 1, 1))).toBe(15);
});

test("DataInf is its closed form: the mean of the inverses of each row's own damped square", () => {
  const blocks = [
    { offset: 0, length: 2 },
    { offset: 2, length: 1 },
  ];
  const expected = rows.map((row) =>
    blocks.reduce((sum, { offset, length }) => {
      const part = (vector: Float32Array): number[] => [...vector.subarray(offset, offset + length)];
      const inner = (a: number[], b: number[]): number => a.reduce((total, value, i) => total + value * b[i]!, 0);
      const lambda = (0.1 * rows.reduce((total, other) => total + inner(part(other), part(other)), 0)) / (3 * length);
      // (1/n) sum_i (g g^T + lambda I)^-1 q, each inverse by Sherman and Morrison.
      const preconditioned = part(query).map((value, at) =>
        rows.reduce((total, other) => {
          const g = part(other);
          return total + (value - (g[at]! * inner(g, part(query))) / (lambda + inner(g, g))) / (3 * lambda);
        }, 0),
      );
      return sum + inner(preconditioned, part(row));
    }, 0),
  );
  const [scores] = dataInfScores(blocks, rows, [query]);
  for (const [k, value] of expected.entries()) expect(scores![k]).toBeCloseTo(value, 10);
});

test('exact influence solves (F + lambda I) x = q', () => {
  // One row, one dimension: F = 4, lambda = 1 / 2.5, score = 2 x 3 / 4.4.
  const [single] = exactInfluenceScores(
    [{ ranges: [{ offset: 0, length: 1 }] }],
    2.5,
    [Float32Array.of(2)],
    [Float32Array.of(3)],
  );
  expect(single![0]).toBeCloseTo(6 / 4.4, 12);
  // Two rows, each alone in its block: F = a^2 / 2, N = 2.
  const blocks = [{ ranges: [{ offset: 0, length: 1 }] }, { ranges: [{ offset: 1, length: 1 }] }];
  const [scores] = exactInfluenceScores(
    blocks,
    2.5,
    [Float32Array.of(2, 0), Float32Array.of(0, 4)],
    [Float32Array.of(1, 1)],
  );
  expect(scores![0]).toBeCloseTo(0.5 * (2 / (2 + 0.4)), 12);
  expect(scores![1]).toBeCloseTo(0.5 * (4 / (8 + 0.4)), 12);
});

test('BM25 counts rare words more, long rows less, and nothing for words that no row has', () => {
  const documents = ['red door', 'red house red', 'a blue door of a very old house'];
  const [scores] = bm25Scores(documents, ['which RED door, stranger?']);
  const rarity = (having: number): number => Math.log(1 + (3 - having + 0.5) / (having + 0.5));
  const term = (count: number, length: number): number =>
    (count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / (13 / 3)));
  expect(scores![0]).toBeCloseTo(2 * rarity(2) * term(1, 2), 12);
  expect(scores![1]).toBeCloseTo(rarity(2) * term(2, 3), 12);
  expect(scores![2]).toBeCloseTo(rarity(2) * term(1, 8), 12);
  expect(bm25Scores(documents, ['green'])[0]!.every((score) => score === 0)).toBe(true);
});
