import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeShares as attributeAbove, noiseCut } from './rules.ts';
import type { Attribution } from './types.ts';

const address = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const rowsOf = (scores: bigint[], owner: (i: number) => number = (i) => i % 5) =>
  scores.map((score, i) => ({ exampleId: `ex_${String(i).padStart(4, '0')}`, contributor: address(owner(i)), score }));
const scores = fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { minLength: 1, maxLength: 200 });

const attributeShares = (rows: ReturnType<typeof rowsOf>): Attribution =>
  attributeAbove(rows, noiseCut(rows.map((row) => row.score)));

describe('attributeShares', () => {
  it('always shares out exactly 1,000,000 ppm and never a negative share', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const { shares, rows, confident } = attributeShares(rowsOf(list));
        expect(shares.reduce((sum, share) => sum + share.sharePpm, 0)).toBe(1_000_000);
        expect(shares.every((share) => share.sharePpm > 0)).toBe(true);
        if (confident) expect(rows.reduce((sum, row) => sum + row.sharePpm, 0)).toBe(1_000_000);
      }),
    );
  });

  it('needs only the rows above the cut, if there are any', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const rows = rowsOf(list);
        const cut = noiseCut(list);
        const above = rows.filter((row) => row.score > cut);
        fc.pre(above.length > 0);
        expect(attributeAbove(above, cut)).toEqual(attributeShares(rows));
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(scores, (list) => {
        expect(attributeShares(rowsOf(list).reverse())).toEqual(attributeShares(rowsOf(list)));
      }),
    );
  });

  it('pays an author the same through one wallet or many', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const one = attributeShares(rowsOf(list, (i) => i % 2));
        const many = attributeShares(rowsOf(list, (i) => (i % 2 === 0 ? 0 : 100 + i)));
        const honest = (result: typeof one) =>
          result.shares.find((share) => share.contributor === address(0))?.sharePpm ?? 0;
        expect(honest(many)).toBe(honest(one));
      }),
    );
  });

  it('gives a row with more influence at least as much as one with less', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const { rows, confident } = attributeShares(rowsOf(list));
        fc.pre(confident);
        const sorted = [...rows].sort((a, b) => (a.score < b.score ? -1 : 1));
        // Largest remainder may move one ppm between neighbours with nearly equal credit.
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i]!.sharePpm).toBeGreaterThanOrEqual(sorted[i - 1]!.sharePpm - 1);
      }),
    );
  });

  it('cuts what is within the noise', () => {
    const noise = Array.from({ length: 100 }, (_, i) => BigInt((i % 7) - 3) * 1000n);
    const { rows, confident } = attributeShares(rowsOf([...noise, 1_000_000n]));
    expect(confident).toBe(true);
    expect(rows.map((row) => row.exampleId)).toEqual(['ex_0100']);
    expect(rows[0]!.sharePpm).toBe(1_000_000);
  });

  it('says that there is no confident source when nothing stands out, and counts every row the same', () => {
    const { confident, shares } = attributeShares(rowsOf([-5n, -4n, -3n, -9n], (i) => (i === 0 ? 1 : 2)));
    expect(confident).toBe(false);
    expect(shares).toEqual([
      { contributor: address(1), sharePpm: 250_000 },
      { contributor: address(2), sharePpm: 750_000 },
    ]);
  });

  it('refuses a version without rows', () => {
    expect(() => attributeShares([])).toThrow('no rows');
  });
});

describe('noiseCut', () => {
  it('is three robust sigmas', () => {
    expect(noiseCut([-10_000n, 0n, 10_000n])).toBe(44_478n);
    expect(noiseCut([])).toBe(0n);
  });
});
