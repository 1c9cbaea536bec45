import type { ApiKey } from '#lib/platform/auth/types.ts';
import type { ChannelView } from '#lib/serving/types.ts';

/**
 * The cumulative voucher that lets a new key spend its budget beside everything that was promised already: what was charged
 * and is held, and what is left of the other working keys' budgets. Never below the voucher that the gateway has.
 */
export function requiredVoucherWei(
  channel: Pick<ChannelView, 'chargedWei' | 'reservedWei' | 'voucherWei'>,
  keys: readonly Pick<ApiKey, 'budgetWei' | 'spentWei' | 'revokedAt'>[],
  budgetWei: bigint,
): bigint {
  const promised = keys
    .filter((key) => key.revokedAt === null && key.budgetWei > key.spentWei)
    .reduce((sum, key) => sum + key.budgetWei - key.spentWei, 0n);
  const needed = channel.chargedWei + channel.reservedWei + promised + budgetWei;
  if (needed <= channel.voucherWei) return channel.voucherWei;
  return needed;
}
