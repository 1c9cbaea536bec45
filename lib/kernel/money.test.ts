import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOpen, formatOpenShort, parseOpen, splitByLargestRemainder } from './money.ts';

const wei = fc.bigInt({ min: 0n, max: 10n ** 27n });

describe('splitByLargestRemainder', () => {
  it('sums to the total, to the wei, for any weights', () => {
    fc.assert(
      fc.property(
        wei,
        fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 1, maxLength: 60 }),
        (total, weights) => {
          fc.pre(weights.some((weight) => weight > 0n));
          const parts = splitByLargestRemainder(total, weights);
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
          const sum = weights.reduce((a, b) => a + b, 0n);
          parts.forEach((part, i) => {
            const floor = (total * weights[i]!) / sum;
            expect(part === floor || part === floor + 1n).toBe(true);
          });
        },
      ),
    );
  });
  it('refuses to give money to nobody', () => {
    expect(() => splitByLargestRemainder(1n, [0n, 0n])).toThrow('all weights are zero');
  });
});

describe('amount text', () => {
  it('round-trips every amount exactly', () => {
    fc.assert(fc.property(wei, (amount) => parseOpen(formatOpen(amount).replaceAll(',', '')) === amount));
  });
  it('shortens without inventing money', () => {
    expect(formatOpenShort(1_234_567_890_000_000_000n)).toBe('1.2345');
    expect(formatOpenShort(1n)).toBe('<0.0001');
    expect(formatOpenShort(0n)).toBe('0');
  });
  it.each(['', '1.', '.5', '1e3', '-1', '0.1234567890123456789'])('refuses %j', (text) => {
    expect(() => parseOpen(text)).toThrow('an amount is digits');
  });
});
