'use client';

import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { useSessionKey } from '#components/wallet/use-session-key.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { ApiKey } from '#lib/platform/auth/types.ts';
import type { VoucherInput } from '#lib/serving/schema.ts';
import type { ChannelView } from '#lib/serving/types.ts';
import { requiredVoucherWei } from './required-voucher.ts';

/**
 * Signs with this browser's session key the voucher that a new budget needs and hands it to the server. Without a channel
 * there is nothing to sign. Answers null, or the sentence why it did not work.
 */
export function useStandingVoucher(
  channel: ChannelView | null,
  keys: readonly ApiKey[],
  registerVoucher: (input: VoucherInput) => Promise<ActionResult<{ voucherWei: bigint }>>,
): (budgetWei: bigint) => Promise<string | null> {
  const { address } = useAccountSession();
  const { find } = useSessionKey(address);
  return async (budgetWei) => {
    if (!channel) return null;
    const maxClaimableWei = requiredVoucherWei(channel, keys, budgetWei);
    if (maxClaimableWei === channel.voucherWei) return null;
    const key = await find();
    if (!key || key.address.toLowerCase() !== channel.signer.toLowerCase()) {
      return 'Your deposit was opened in another browser, which keeps its payment key. Make the key there, or deposit from here first.';
    }
    const { channelId } = channel;
    const signature = await key.signVoucher({ channelId, maxClaimableWei });
    const result = await registerVoucher({ channelId, maxWei: maxClaimableWei.toString(), signature });
    return result.ok ? null : result.error.message;
  };
}
