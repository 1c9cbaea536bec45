import { voucherDomain } from '#lib/kernel/voucher.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { delayMinSeconds } from '../rules.ts';
import type { ChannelView } from '../types.ts';
import type { TokenDomain } from './token-domain.ts';
import type { PaymentRequired } from './types.ts';

/**
 * What an unpaid or wrongly paid answer costs, in x402's words. With a channel it also says from where to count, and asks for at
 * least so much that the next voucher is larger than the newest one, even where a dearer answer was signed for before.
 */
export function paymentRequired(
  deps: Pick<Deps, 'deployment' | 'operator'>,
  input: { url: string; ceilingWei: bigint; error: string; channel: ChannelView | null; token: TokenDomain | null },
): PaymentRequired {
  const { addresses, chainId } = deps.deployment;
  const { channel, ceilingWei } = input;
  const usedWei = channel ? channel.chargedWei + channel.reservedWei : 0n;
  const terms = { network: `eip155:${chainId}`, asset: addresses.openToken, payTo: addresses.revenueRouter };
  const exact = input.token && {
    ...{ scheme: 'exact' as const, ...terms, amount: ceilingWei.toString(), maxTimeoutSeconds: 300 },
    extra: { name: input.token.name, version: input.token.version },
  };
  const leastWei = channel ? channel.voucherWei - usedWei + 1n : 0n;
  return {
    x402Version: 2,
    error: input.error,
    resource: { url: input.url, description: 'One answer of a model', mimeType: 'application/json' },
    accepts: [
      {
        scheme: 'batch-settlement',
        ...terms,
        amount: (ceilingWei > leastWei ? ceilingWei : leastWei).toString(),
        maxTimeoutSeconds: 300,
        extra: {
          receiverAuthorizer: deps.operator.address,
          withdrawDelay: delayMinSeconds(chainId),
          verifyingContract: addresses.inferenceChannels,
          voucherDomain,
          ...(channel && {
            channelState: {
              channelId: channel.channelId,
              balance: channel.depositWei.toString(),
              totalClaimed: channel.claimedWei.toString(),
              chargedCumulativeAmount: usedWei.toString(),
            },
          }),
        },
      },
      ...(exact ? [exact] : []),
    ],
  };
}
