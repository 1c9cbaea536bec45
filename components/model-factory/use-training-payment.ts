import { useVoucherSigner } from '#components/playground/use-voucher-signer.ts';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { VoucherInput } from '#lib/serving/schema.ts';

export type RegisterVoucher = (input: VoucherInput) => Promise<ActionResult<{ voucherWei: bigint }>>;

/**
 * Starts, resumes, buys or agrees to what costs something: where the server lacks a voucher for the hold, this browser's session key signs
 * it, without a prompt, and the call is made once more. Everything else that the server refuses comes back as it is.
 */
export function useTrainingPayment(registerVoucher: RegisterVoucher) {
  const sign = useVoucherSigner();
  return async <T>(call: () => Promise<ActionResult<T>>): Promise<ActionResult<T>> => {
    const result = await call();
    if (result.ok || !sign) return result;
    // A missing voucher is the error itself, or why another one was made.
    const { reason = result.error.code, channelId, requiredVoucherWei } = result.error.facts ?? {};
    if (reason !== 'voucher_too_small') return result;
    try {
      const voucher = await sign(String(channelId) as `0x${string}`, BigInt(requiredVoucherWei ?? 0));
      const registered = await registerVoucher(voucher);
      return registered.ok ? call() : registered;
    } catch (error) {
      return { ok: false, error: { ...result.error, message: (error as Error).message } };
    }
  };
}
