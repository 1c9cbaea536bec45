import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isWithinEdits } from './edit-distance.ts';
import { jaccard, minHash, shinglesOf, signatureLength } from './min-hash.ts';
import { findOlderMatches } from './older-matches.ts';

const row = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 });

it('finds the longest match with an older row, as a comparison with every place does', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 7 }), (rows) => {
      const starts = Int32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]);
      const { lengths, sources } = findOlderMatches(Int32Array.from(rows.flat()), starts, 4);
      const shared = (a: number[], b: number[]): number => {
        const at = a.findIndex((word, i) => word !== b[i]);
        return at < 0 ? a.length : at;
      };
      const longestIn = (words: number[], other: number[]): number =>
        Math.max(0, ...other.map((_, at) => shared(words, other.slice(at))));
      for (const [r, words] of rows.entries()) {
        for (const at of words.keys()) {
          const best = Math.max(0, ...rows.slice(0, r).map((other) => longestIn(words.slice(at), other)));
          expect(lengths[starts[r]! + at]).toBe(best);
          if (best > 0) expect(sources[starts[r]! + at]).toBeLessThan(r);
          if (best > 0) expect(longestIn(words.slice(at), rows[sources[starts[r]! + at]!]!)).toBe(best);
        }
      }
    }),
    { numRuns: 300 },
  );
});

it('counts edits as the whole table does', () => {
  const distance = (a: number[], b: number[]): number => {
    let costs = [0, ...b].map((_, j) => j);
    for (const [i, word] of a.entries()) {
      const next = [i + 1];
      for (const [j, other] of b.entries()) {
        next.push(Math.min(costs[j]! + (word === other ? 0 : 1), costs[j + 1]! + 1, next[j]! + 1));
      }
      costs = next;
    }
    return costs.at(-1)!;
  };
  fc.assert(
    fc.property(row, row, fc.nat({ max: 12 }), (a, b, limit) => {
      expect(isWithinEdits(Int32Array.from(a), Int32Array.from(b), limit)).toBe(distance(a, b) <= limit);
    }),
    { numRuns: 500 },
  );
});

it('estimates the similarity of texts by their signatures', () => {
  const words = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, i) => ((from + i) * 7919).toString(36).padStart(4, 'x')).join(' ');
  for (const [a, b] of [
    [words(0, 100), words(20, 120)],
    [words(0, 100), words(60, 160)],
    [words(0, 100), words(200, 300)],
  ] as const) {
    const [one, other] = [a, b].map((text) => {
      const signature = new Uint32Array(signatureLength);
      minHash(shinglesOf(text), signature);
      return signature;
    });
    const agreement = one!.filter((value, k) => value === other![k]).length / signatureLength;
    // Four standard deviations of 128 draws at one half.
    expect(Math.abs(agreement - jaccard(shinglesOf(a), shinglesOf(b)))).toBeLessThan(
      4 * Math.sqrt(0.25 / signatureLength),
    );
  }
});
