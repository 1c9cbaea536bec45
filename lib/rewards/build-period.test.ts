import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitByLargestRemainder } from '#lib/kernel/money.ts';
import { buildPeriod, type PeriodInput, type PeriodReceipt, protocolFeeWei } from './build-period.ts';

const address = fc.integer({ min: 1, max: 30 }).map((n) => `0x${n.toString(16).padStart(40, '0')}` as const);
const weighted = (total: number) =>
  fc
    .uniqueArray(fc.record({ account: address, weight: fc.integer({ min: 1, max: 1000 }) }), {
      selector: (entry) => entry.account,
      minLength: 1,
      maxLength: 8,
    })
    .map((list) => {
      const parts = splitByLargestRemainder(
        BigInt(total),
        list.map((entry) => BigInt(entry.weight)),
      );
      return list.map((entry, i) => ({ account: entry.account, weight: Number(parts[i]) }));
    });
const split = fc.record({
  data: fc.integer({ min: 2000, max: 9500 }),
  model: fc.integer({ min: 0, max: 5000 }),
  app: fc.integer({ min: 0, max: 1000 }),
  infra: fc.integer({ min: 0, max: 3000 }),
  validators: fc.integer({ min: 0, max: 2000 }),
});
const receipt = (i: number): fc.Arbitrary<PeriodReceipt> =>
  fc.record({
    id: fc.constant(`rcp_${i.toString().padStart(4, '0')}`),
    hash: fc.constant(`0x${(i + 1).toString(16).padStart(64, '0')}` as const),
    feeWei: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10n ** 21n })),
    modelOwner: address,
    split,
    shares: weighted(1_000_000),
    validators: weighted(500),
  });
const period: fc.Arbitrary<PeriodInput> = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => receipt(i))))
  .chain((receipts) => {
    const gross = receipts.reduce((sum, { feeWei }) => sum + feeWei, 0n);
    return fc.record({
      netWei: fc.constant(gross - protocolFeeWei(gross, 500)),
      receipts: fc.constant(receipts),
      previousLeaves: fc.uniqueArray(
        fc.record({ account: address, cumulativeWei: fc.bigInt({ min: 1n, max: 10n ** 24n }) }),
        {
          selector: (leaf) => leaf.account,
          minLength: 1,
          maxLength: 10,
        },
      ),
      appAccount: address,
      infraAccount: address,
    });
  });
const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n);

describe('buildPeriod', () => {
  it('pays out exactly the net amount, and adds exactly that to the leaves', () => {
    fc.assert(
      fc.property(period, (input) => {
        const built = buildPeriod(input);
        expect(sum(built.lines.map((line) => line.amountWei))).toBe(input.netWei);
        expect(built.totalWei).toBe(sum(input.previousLeaves.map((leaf) => leaf.cumulativeWei)) + input.netWei);
        expect(built.lines.every((line) => line.amountWei > 0n)).toBe(true);
      }),
    );
  });

  it('never lowers a leaf', () => {
    fc.assert(
      fc.property(period, (input) => {
        const after = new Map(buildPeriod(input).leaves.map((leaf) => [leaf.account, leaf.cumulativeWei]));
        for (const { account, cumulativeWei } of input.previousLeaves) {
          expect(after.get(account)).toBeGreaterThanOrEqual(cumulativeWei);
        }
      }),
    );
  });

  it('gives the same root for the same input in any order', () => {
    fc.assert(
      fc.property(period, (input) => {
        const shuffled = {
          ...input,
          receipts: input.receipts
            .map((entry) => ({
              ...entry,
              shares: [...entry.shares].reverse(),
              validators: [...entry.validators].reverse(),
            }))
            .reverse(),
          previousLeaves: [...input.previousLeaves].reverse(),
        };
        expect(buildPeriod(shuffled)).toEqual(buildPeriod(input));
      }),
    );
  });

  it('gives each role its split and each contributor its share, within one wei a step', () => {
    const a = `0x${'a'.repeat(40)}` as const;
    const b = `0x${'b'.repeat(40)}` as const;
    const c = `0x${'c'.repeat(40)}` as const;
    const built = buildPeriod({
      netWei: 1_000_003n,
      receipts: [
        {
          id: 'rcp_1',
          hash: `0x${'1'.repeat(64)}`,
          feeWei: 5n,
          modelOwner: c,
          split: { data: 6000, model: 2000, app: 0, infra: 1000, validators: 1000 },
          shares: [
            { account: a, weight: 750_000 },
            { account: b, weight: 250_000 },
          ],
          validators: [{ account: b, weight: 3 }],
        },
      ],
      previousLeaves: [],
      appAccount: c,
      infraAccount: c,
    });
    expect(built.lines).toEqual([
      { receiptId: 'rcp_1', account: a, role: 'data', amountWei: 450_002n },
      { receiptId: 'rcp_1', account: b, role: 'data', amountWei: 150_000n },
      { receiptId: 'rcp_1', account: c, role: 'model', amountWei: 200_001n },
      { receiptId: 'rcp_1', account: c, role: 'infra', amountWei: 100_000n },
      { receiptId: 'rcp_1', account: b, role: 'validators', amountWei: 100_000n },
    ]);
    expect(built.leaves).toEqual([
      { account: a, cumulativeWei: 450_002n },
      { account: b, cumulativeWei: 250_000n },
      { account: c, cumulativeWei: 300_001n },
    ]);
  });

  it('refuses money without an owner', () => {
    const lost = {
      id: 'r',
      hash: `0x${'1'.repeat(64)}` as const,
      feeWei: 1n,
      modelOwner: `0x${'1'.repeat(40)}` as const,
    };
    const input = { netWei: 1n, previousLeaves: [], appAccount: lost.modelOwner, infraAccount: lost.modelOwner };
    const noShares = {
      ...lost,
      split: { data: 1, model: 0, app: 0, infra: 0, validators: 0 },
      shares: [],
      validators: [],
    };
    expect(() => buildPeriod({ ...input, receipts: [noShares] })).toThrow('all weights are zero');
    expect(() => buildPeriod({ ...input, receipts: [] })).toThrow('needs a receipt');
  });
});
