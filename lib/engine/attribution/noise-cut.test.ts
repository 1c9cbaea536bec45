import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noiseCut } from './noise-cut.ts';
import { NoiseScan, samplePlaces } from './noise-scan.ts';
import { quantise, scaleOne } from './quantise.ts';
import { referenceNoiseCut } from './test-support/reference-noise-cut.ts';

const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
  fc.bigInt({ min: -5n, max: 5n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, -(2n ** 32n), 2n ** 32n, 2n ** 32n - 1n, 2n ** 31n, -1n),
);
const scoresOf = fc.array(int64, { maxLength: 60 });

describe('noiseCut', () => {
  it('is three robust standard deviations, in integers', () => {
    // Median 2, deviations 1 0 1 8 102 -> median deviation 1 (lower middle of 0 1 1 8 102).
    expect(noiseCut(BigInt64Array.of(1n, 2n, 3n, 10n, -100n), 12)).toEqual({
      sigma: 1n,
      cut: 4n,
      rows: [3],
      rowsBelow: [4],
      creditSum: 6n,
      positiveSum: 16n,
    });
    expect(noiseCut(new BigInt64Array(0), 12)).toMatchObject({ sigma: 0n, rows: [], creditSum: 0n });
  });

  it('credits from fewer on where a row stands three high, and nobody where none does; harm is three low', () => {
    // Median 0, deviation 100: three sigma are 444, two 296.
    const noise = [-300n, -100n, -100n, 0n, 100n, 100n, 300n];
    expect(noiseCut(BigInt64Array.of(...noise, 0n, 0n, 500n, -400n), 8)).toMatchObject({
      ...{ cut: 296n, rows: [6, 9], rowsBelow: [], creditSum: 208n },
    });
    expect(noiseCut(BigInt64Array.of(...noise, 0n, 0n, 444n, -500n), 8)).toMatchObject({
      ...{ cut: 444n, rows: [], rowsBelow: [10], creditSum: 0n },
    });
  });

  it('is bit-equal to sorting bigints, for any 64-bit scores', () => {
    fc.assert(
      fc.property(scoresOf, fc.integer({ min: 4, max: 12 }), (scores, quarters) => {
        expect(noiseCut(BigInt64Array.from(scores), quarters)).toEqual(referenceNoiseCut(scores, quarters));
      }),
      { numRuns: 300 },
    );
  });

  it('and for more rows than a block, of any distribution', () => {
    const large = 2n ** 62n + 2n ** 31n + 1n;
    const kinds: ((row: number) => bigint)[] = [
      (row) => (row < 5 ? -7n : large),
      (row) => BigInt(((row * 7919) % 20_011) - 10_000) * 2n ** 40n,
      (row) => BigInt(row % 2),
      // What the sample is wrong about: one value where it is taken, others elsewhere.
      (row) => (sampled.has(row) ? large : BigInt(row)),
      (row) => (zeros.has(row) ? 0n : 5n),
      (row) => BigInt.asIntN(64, BigInt(row) ** 5n * 0x9e37_79b9_7f4a_7c15n),
    ];
    const many = 20_003;
    const sampled = new Set(samplePlaces(many));
    // One zero too few for the median to be one.
    const zeros = new Set([...new Set([...sampled, ...Array(many).keys()])].slice(0, (many - 1) / 2));
    for (const kind of kinds) {
      const scores = BigInt64Array.from({ length: many }, (_, row) => kind(row));
      expect(noiseCut(scores, 8)).toEqual(referenceNoiseCut([...scores], 8));
      expect(new NoiseScan(scores).nth((many - 1) / 2)).toBe(scores.toSorted()[(many - 1) / 2]);
    }
  });

  it('does not depend on the order and scales with its unit', () => {
    const small = fc.array(fc.bigInt({ min: -(2n ** 45n), max: 2n ** 45n }), { minLength: 1 });
    fc.assert(
      fc.property(small, (scores) => {
        const { cut } = noiseCut(BigInt64Array.from(scores), 12);
        expect(noiseCut(BigInt64Array.from([...scores].reverse()), 12).cut).toBe(cut);
        expect(
          noiseCut(
            BigInt64Array.from(scores, (score) => score * 10_000n),
            12,
          ).cut / 10_000n,
        ).toBe(cut);
      }),
    );
  });

  it('takes everything from rows that are noise and little from the row that stands out', () => {
    const noise = Array.from({ length: 99 }, (_, i) => BigInt(((i * 7919) % 2001) - 1000));
    const { rows, creditSum } = noiseCut(BigInt64Array.of(...noise, 50_000n), 12);
    expect(rows).toEqual([99]);
    expect(creditSum).toBeGreaterThan(45_000n);
  });
});

describe('NoiseScan', () => {
  it('finds the n-th of the values, and of their distances from another, as sorting does', () => {
    const sorted = (values: readonly bigint[]): bigint[] => values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    fc.assert(
      fc.property(fc.array(int64, { minLength: 1, maxLength: 60 }), fc.nat(59), int64, (values, place, centre) => {
        const n = place % values.length;
        const scan = new NoiseScan(BigInt64Array.from(values));
        const distances = values.map((value) => (value > centre ? value - centre : centre - value));
        expect(scan.nth(n)).toBe(sorted(values)[n]);
        expect(scan.nthDeviation(n, centre)).toBe(sorted(distances)[n]);
      }),
      { numRuns: 300 },
    );
  });

  it('finds rows on either side of any cut', () => {
    const cuts = fc.oneof(
      fc.bigInt({ min: 0n, max: 5n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n }),
      fc.constantFrom(2n ** 32n, 2n ** 32n - 1n, 2n ** 63n, 2n ** 63n - 1n),
    );
    fc.assert(
      fc.property(fc.array(int64, { minLength: 1, maxLength: 60 }), cuts, (values, cut) => {
        const rowsOf = (holds: (value: bigint) => boolean) =>
          values.flatMap((value, row) => (holds(value) ? [row] : []));
        expect(new NoiseScan(BigInt64Array.from(values)).judge(cut)).toEqual({
          above: rowsOf((value) => value > cut),
          below: rowsOf((value) => value < -cut),
          positiveSum: values.reduce((sum, value) => (value > 0n ? sum + value : sum), 0n),
        });
      }),
      { numRuns: 300 },
    );
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
