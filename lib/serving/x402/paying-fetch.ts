import type { Address, Hex } from 'viem';
import { decodeHeader, encodeHeader, x402Headers } from './headers.ts';
import type { BatchRequirements, PaymentRequired, PaymentResponse, VoucherPayload } from './types.ts';

export type PayingFetchOptions = {
  /** The channel that pays; open it on chain towards `payTo` first. */
  channelId: Hex;
  network: string;
  /** Who the voucher must be for: never what a server says. */
  verifyingContract: Address;
  /** Signs `Voucher(channelId, maxClaimableAmount)` with the channel's session key. */
  sign: (voucher: { channelId: Hex; maxClaimableWei: bigint }) => Promise<Hex>;
  /** The largest amount ever signed on this channel; whoever keeps its key keeps this. 0 for a new one. */
  signedWei?: bigint;
  /** Most that one answer may cost, wei. */
  maxAmountWei: bigint;
  fetch?: typeof fetch;
};

/** What a server asks for is more than the client agreed to, or is not in a way that it can pay. */
export class PaymentDeclinedError extends Error {}

const attempts = 3;

/**
 * `fetch` that pays a 402 by x402's batch-settlement: one signature an answer, no transaction. It loses at most
 * `maxAmountWei` to a server that lies: a cumulative charge above everything that it signed before is not believed.
 */
export function payingFetch(options: PayingFetchOptions): typeof fetch {
  const send = options.fetch ?? fetch;
  let signedWei = options.signedWei ?? 0n;
  let chargedWei = 0n;
  return async (input, init) => {
    let response = await send(input, init);
    for (let attempt = 1; response.status === 402 && attempt <= attempts; attempt++) {
      const accepted = chooseRequirements(response, options);
      const said = accepted.extra.channelState;
      if (said) {
        if (said.channelId !== options.channelId) throw new PaymentDeclinedError('the server counts another channel');
        chargedWei = BigInt(said.chargedCumulativeAmount);
        if (chargedWei > signedWei)
          throw new PaymentDeclinedError(
            `the server says ${chargedWei} wei were charged, ${signedWei} were signed for`,
          );
      }
      const maxClaimableWei = chargedWei + BigInt(accepted.amount);
      const { channelId } = options;
      const signature = await options.sign({ channelId, maxClaimableWei });
      signedWei = maxClaimableWei > signedWei ? maxClaimableWei : signedWei;
      const voucher = { channelId, maxClaimableAmount: maxClaimableWei.toString(), signature };
      const payment: VoucherPayload = { x402Version: 2, accepted, payload: { type: 'voucher', voucher } };
      const headers = new Headers(init?.headers);
      headers.set(x402Headers.signature, encodeHeader(payment));
      response = await send(input, { ...init, headers });
    }
    const paid = response.headers.get(x402Headers.response);
    const charged = paid ? (decodeHeader(paid) as PaymentResponse).extra?.chargedAmount : undefined;
    if (charged !== undefined) chargedWei += BigInt(charged);
    return response;
  };
}

function chooseRequirements(response: Response, options: PayingFetchOptions): BatchRequirements {
  const header = response.headers.get(x402Headers.required);
  if (!header) throw new PaymentDeclinedError('the server asks for a payment and does not say which');
  const { accepts } = decodeHeader(header) as PaymentRequired;
  const found = accepts.find(
    (one): one is BatchRequirements =>
      one.scheme === 'batch-settlement' &&
      one.network === options.network &&
      one.extra.verifyingContract.toLowerCase() === options.verifyingContract.toLowerCase(),
  );
  if (!found) throw new PaymentDeclinedError('the server takes no payment that this channel can make');
  if (BigInt(found.amount) > options.maxAmountWei) {
    throw new PaymentDeclinedError(`the server asks for ${found.amount} wei, more than ${options.maxAmountWei}`);
  }
  return found;
}
