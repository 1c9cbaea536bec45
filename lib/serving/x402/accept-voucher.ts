import type { Deps } from '#lib/platform/deps.ts';
import { registerVoucher } from '../register-voucher.ts';
import type { Caller } from '../types.ts';
import { InvalidPaymentError, UsedVoucherError } from './errors.ts';
import { findPaidChannel } from './find-paid-channel.ts';
import type { VoucherPayload } from './types.ts';

/**
 * Who pays with this voucher, which is stored. There is no other proof of who asks, so a voucher counts once: it must be larger
 * than every one before it on its channel. (Vouchers become public when they are claimed, and an old one that is still above
 * what was charged would let anybody ask at its payer's cost.)
 *
 * Throws InvalidPaymentError, InvalidVoucherError (not the channel's key), UsedVoucherError.
 */
export async function acceptVoucher(
  deps: Pick<Deps, 'db' | 'deployment' | 'now'>,
  payment: VoucherPayload,
): Promise<Extract<Caller, { kind: 'voucher' }>> {
  const { network } = payment.accepted;
  if (network !== `eip155:${deps.deployment.chainId}`)
    throw new InvalidPaymentError(`it is for the network ${network}`);
  const { channelId, maxClaimableAmount, signature } = payment.payload.voucher;
  const channel = await findPaidChannel(deps, channelId);
  if (!channel) throw new InvalidPaymentError('there is no such channel towards this gateway on this chain (yet)');
  const { payer } = channel;
  const voucher = { channelId, maxWei: maxClaimableAmount, signature };
  const { voucherWei, isNew } = await registerVoucher(deps, { kind: 'account', address: payer }, voucher);
  if (!isNew) throw new UsedVoucherError(channelId, voucherWei);
  return { kind: 'voucher', callerKey: `channel:${channelId}`, payer, channelId };
}
