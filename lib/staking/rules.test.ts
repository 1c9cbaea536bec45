import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolKinds, poolOf } from '#lib/kernel/pool-of.ts';
import { parsePool, sharesFor, unbondingState, worstCase, yearlyYield } from './rules.ts';

const at = new Date(1_800_000_000_000);

describe('poolOf and parsePool', () => {
  it('are each other’s inverse', () => {
    fc.assert(
      fc.property(fc.constantFrom('datanet', 'model'), fc.bigInt(0n, (1n << 248n) - 1n), (kind, id) => {
        expect(parsePool(poolOf(kind, id))).toEqual({ kind, id: id.toString() });
      }),
    );
    const validator = '0x00000000000000000000000000000000000c0ffe';
    expect(parsePool(poolOf('validator', validator))).toEqual({ kind: 'validator', id: validator });
  });
  it('refuse what names no pool', () => {
    expect(() => poolOf('model', 1n << 248n)).toThrow(RangeError);
    for (const word of ['0x', `0x${'0'.repeat(64)}`, `0x04${'0'.repeat(62)}`, `0x03${'f'.repeat(62)}`]) {
      expect(parsePool(word)).toBeNull();
    }
    expect(poolKinds).toHaveLength(3);
  });
});

describe('yearlyYield', () => {
  it('keeps fees and emissions apart', () => {
    expect(yearlyYield({ feesWei: 30n, emissionsWei: 60n }, 3_650n)).toEqual({ feesBps: 1_000, emissionsBps: 2_000 });
  });
  it('says nothing of an empty pool', () => {
    expect(yearlyYield({ feesWei: 30n, emissionsWei: 0n }, 0n)).toBeNull();
  });
});

describe('worstCase', () => {
  it('rounds against the staker', () => {
    expect(worstCase(101n, { slashableBps: 3_000, monthBps: 5_000 })).toEqual({ atOnceWei: 31n, monthWei: 51n });
  });
});

describe('unbondingState', () => {
  it.each([
    [-3_600_000, { phase: 'waiting', secondsLeft: 3_600, passed: 0 }],
    [-1_000, { phase: 'waiting', secondsLeft: 1, passed: 0.99 }],
    [-1, { phase: 'waiting', secondsLeft: 1 }],
    [0, { phase: 'withdrawable' }],
    [1_000, { phase: 'withdrawable' }],
    [10 ** 12, { phase: 'withdrawable' }],
  ])('is right %i ms from the end', (offset, state) => {
    expect(unbondingState(at, 100, at.getTime() + offset)).toMatchObject(state);
  });
  it('is never negative, whatever the clocks say', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
        fc.integer({ min: 0, max: 10 ** 7 }),
        (offset, wait) => {
          const state = unbondingState(at, wait, at.getTime() + offset);
          if (state.phase === 'waiting') {
            expect(state.secondsLeft).toBeGreaterThan(0);
            expect(state.passed).toBeGreaterThanOrEqual(0);
            expect(state.passed).toBeLessThanOrEqual(1);
          } else expect(offset).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
  it('is nothing without stake that leaves', () => {
    expect(unbondingState(null, 100, at.getTime())).toEqual({ phase: 'none' });
  });
});

describe('sharesFor', () => {
  it('takes all shares for all stake and never more than was asked otherwise', () => {
    expect(sharesFor(70n, { shares: 100n, stakedWei: 70n })).toBe(100n);
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 27n),
        fc.bigInt(1n, 10n ** 27n),
        fc.bigInt(1n, 10n ** 27n),
        (shares, staked, asked) => {
          if (asked >= staked) return;
          const taken = sharesFor(asked, { shares, stakedWei: staked });
          expect((taken * staked) / shares <= asked).toBe(true);
        },
      ),
    );
  });
});
