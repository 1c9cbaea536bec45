import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditRetrieval, shapleyTimesFactorial } from './retrieval-credit.ts';

const nats = fc.integer({ min: -2_000_000_000, max: 0 });
const game = fc.integer({ min: 0, max: 4 }).chain((rows) =>
  fc.record({
    microNats: fc.array(nats, { minLength: 2 ** rows, maxLength: 2 ** rows }),
    baseMicroNats: nats,
  }),
);

/** By definition: over all orders, what a player adds to those who came before. */
function shapleyByPermutations(values: readonly bigint[]): bigint[] {
  const players = Array.from({ length: Math.log2(values.length) }, (_, i) => i);
  const sums = players.map(() => 0n);
  const visit = (subset: number, rest: number[]): void => {
    for (const player of rest) {
      const next = subset | (1 << player);
      const orders = BigInt(factorial(rest.length - 1));
      sums[player]! += orders * (values[next]! - values[subset]!);
      visit(
        next,
        rest.filter((other) => other !== player),
      );
    }
  };
  visit(0, players);
  return sums;
}
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** The values with two rows in each other's place. */
function swapRows(values: readonly number[], a: number, b: number): number[] {
  const moved = (subset: number) => {
    const [hasA, hasB] = [(subset >> a) & 1, (subset >> b) & 1];
    return (subset & ~((1 << a) | (1 << b))) | (hasA << b) | (hasB << a);
  };
  return values.map((_, subset) => values[moved(subset)]!);
}

describe('creditRetrieval', () => {
  it('divides as Shapley does over all orders', () => {
    fc.assert(
      fc.property(game, ({ microNats }) => {
        const values = microNats.map(BigInt);
        expect(shapleyTimesFactorial(values)).toEqual(shapleyByPermutations(values));
      }),
    );
  });

  it('gives away exactly the part that the rows explain, and never a negative one', () => {
    fc.assert(
      fc.property(game, (values) => {
        const { sharePpm, rowPpm } = creditRetrieval(values);
        expect(rowPpm.reduce((a, b) => a + b, 0)).toBe(sharePpm);
        expect(Math.min(0, ...rowPpm)).toBe(0);
        expect(sharePpm).toBeLessThanOrEqual(1_000_000);
        const helped = values.microNats.at(-1)! > values.microNats[0]!;
        if (!helped) expect(sharePpm).toBe(0);
      }),
    );
  });

  it('gives a row that changes nothing nothing, and takes nothing from the others for it', () => {
    fc.assert(
      fc.property(game, ({ microNats, baseMicroNats }) => {
        if (microNats.length > 8) return;
        const withNull = { microNats: [...microNats, ...microNats], baseMicroNats };
        const { sharePpm, rowPpm } = creditRetrieval({ microNats, baseMicroNats });
        expect(creditRetrieval(withNull)).toEqual({ sharePpm, rowPpm: [...rowPpm, 0] });
      }),
    );
  });

  it('does not care for the order of the rows, but for a ppm of rounding', () => {
    fc.assert(
      fc.property(game, ({ microNats, baseMicroNats }) => {
        if (microNats.length < 4) return;
        const { rowPpm } = creditRetrieval({ microNats, baseMicroNats });
        const swapped = creditRetrieval({ microNats: swapRows(microNats, 0, 1), baseMicroNats }).rowPpm;
        expect(Math.abs(swapped[0]! - rowPpm[1]!)).toBeLessThanOrEqual(1);
        expect(Math.abs(swapped[1]! - rowPpm[0]!)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('shares between two rows that say the same, where leaving out either one would have shown nothing', () => {
    // Either row is worth 3 nats, both together no more; training was worth 1.
    const credit = creditRetrieval({ microNats: [-5_000_000, -2e6, -2e6, -2e6], baseMicroNats: -6e6 });
    expect(credit).toEqual({ sharePpm: 750_000, rowPpm: [375_000, 375_000] });
  });

  it('pays nothing for a row that made the answer less likely, and the helpful one no more than all together', () => {
    const credit = creditRetrieval({ microNats: [-5e6, -2e6, -7e6, -4e6], baseMicroNats: -5e6 });
    expect(credit).toEqual({ sharePpm: 1_000_000, rowPpm: [1_000_000, 0] });
  });

  it('gives all to the training where the base would have been worse and the rows did not help', () => {
    expect(creditRetrieval({ microNats: [-2e6, -3e6], baseMicroNats: -9e6 })).toEqual({ sharePpm: 0, rowPpm: [0] });
    expect(creditRetrieval({ microNats: [-2e6], baseMicroNats: -9e6 })).toEqual({ sharePpm: 0, rowPpm: [] });
  });

  it('refuses what is not a full set of whole numbers', () => {
    const base = { baseMicroNats: 0 };
    expect(() => creditRetrieval({ ...base, microNats: [] })).toThrow(RangeError);
    expect(() => creditRetrieval({ ...base, microNats: [1, 2, 3] })).toThrow(RangeError);
    expect(() => creditRetrieval({ ...base, microNats: [1, 2.5] })).toThrow(RangeError);
    expect(() => creditRetrieval({ ...base, microNats: new Array(32).fill(0) })).toThrow(RangeError);
    expect(() => creditRetrieval({ microNats: [1, 2], baseMicroNats: Number.NaN })).toThrow(RangeError);
  });
});
