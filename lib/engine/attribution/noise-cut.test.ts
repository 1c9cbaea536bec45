import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noiseCut } from './noise-cut.ts';
import { quantise, scaleOne } from './quantise.ts';

describe('noiseCut', () => {
  it('is three robust standard deviations, in integers', () => {
    // Median 2, deviations 1 0 1 8 102 -> median deviation 1 (lower middle of 0 1 1 8 102).
    expect(noiseCut([1n, 2n, 3n, 10n, -100n])).toEqual({
      sigma: 1n,
      cut: 4n,
      credits: [0n, 0n, 0n, 6n, 0n],
      creditSum: 6n,
      positiveSum: 16n,
    });
    expect(noiseCut([])).toMatchObject({ sigma: 0n, credits: [], creditSum: 0n });
  });

  it('does not depend on the order, scales with its unit, and never credits a negative score', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }), { minLength: 1 }), (scores) => {
        const { cut, credits, creditSum, positiveSum } = noiseCut(scores);
        expect(noiseCut([...scores].reverse()).cut).toBe(cut);
        expect(noiseCut(scores.map((score) => score * 10_000n)).cut / 10_000n).toBe(cut);
        expect(creditSum).toBeLessThanOrEqual(positiveSum);
        for (const [i, credit] of credits.entries()) {
          expect(credit).toBe(scores[i]! > cut ? scores[i]! - cut : 0n);
        }
      }),
    );
  });

  it('takes everything from rows that are noise and little from the row that stands out', () => {
    const noise = Array.from({ length: 99 }, (_, i) => BigInt(((i * 7919) % 2001) - 1000));
    const { credits } = noiseCut([...noise, 50_000n]);
    expect(credits.slice(0, 99).every((credit) => credit === 0n)).toBe(true);
    expect(credits[99]).toBeGreaterThan(45_000n);
  });
});

describe('quantise', () => {
  it('is off by at most half a step, and keeps zeros and signs', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1 }), (values) => {
        const { codes, scale } = quantise(Float64Array.from(values));
        const step = scale / scaleOne;
        for (const [i, value] of values.entries()) {
          expect(Math.abs(codes[i]! * step - value)).toBeLessThanOrEqual(step * 0.5000001);
        }
        expect(step).toBeLessThanOrEqual(Math.max(...values.map(Math.abs)) / 127 + 1 / scaleOne);
      }),
    );
  });
});
