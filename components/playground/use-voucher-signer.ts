'use client';

import { useCallback } from 'react';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { useSessionKey } from '#components/wallet/use-session-key.ts';
import type { VoucherInput } from '#lib/serving/schema.ts';
import { AnswerError } from './stream-answer.ts';

/** Signs payment vouchers with this browser's session key; null for a visitor, who asks from the free quota. */
export function useVoucherSigner(): ((channelId: `0x${string}`, requiredWei: bigint) => Promise<VoucherInput>) | null {
  const { address } = useAccountSession();
  const { find } = useSessionKey(address);
  const sign = useCallback(
    async (channelId: `0x${string}`, requiredWei: bigint): Promise<VoucherInput> => {
      const key = await find();
      if (!key) {
        throw new AnswerError(
          'Your deposit was opened in another browser, which holds its session key. Ask there, or deposit from here.',
          'session_key_missing',
          {},
        );
      }
      const signature = await key.signVoucher({ channelId, maxClaimableWei: requiredWei });
      return { channelId, maxWei: requiredWei.toString(), signature };
    },
    [find],
  );
  return address ? sign : null;
}
