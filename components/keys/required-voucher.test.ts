import { describe, expect, it } from 'vitest';
import { requiredVoucherWei } from './required-voucher.ts';

const channel = { chargedWei: 30n, reservedWei: 5n, voucherWei: 40n };
const key = (budgetWei: bigint, spentWei: bigint, revokedAt: Date | null = null) => ({
  budgetWei,
  spentWei,
  revokedAt,
});

describe('requiredVoucherWei', () => {
  it('covers what was charged and held, what other keys may still spend, and the new budget', () => {
    expect(requiredVoucherWei(channel, [key(100n, 40n), key(10n, 10n)], 7n)).toBe(30n + 5n + 60n + 7n);
  });
  it('promises nothing for keys that were revoked', () => {
    expect(requiredVoucherWei(channel, [key(100n, 0n, new Date(0))], 50n)).toBe(85n);
  });
  it('never goes below the voucher that was given already, because vouchers are cumulative', () => {
    expect(requiredVoucherWei({ ...channel, voucherWei: 1000n }, [], 7n)).toBe(1000n);
  });
});
