import type { Hex } from 'viem';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** A channel as the contract has it now. Wei. */
export type ChannelState = { balanceWei: bigint; claimedWei: bigint };

/** Reads channels from the chain itself, not from the index: settlement must not act on a view that lags. */
export async function readChannelStates(
  deps: Pick<Deps, 'chain' | 'deployment'>,
  ids: readonly Hex[],
): Promise<Map<Hex, ChannelState>> {
  const address = deps.deployment.addresses.inferenceChannels;
  const entries = await Promise.all(
    ids.map(async (id): Promise<[Hex, ChannelState]> => {
      const [, balanceWei, , claimedWei] = await deps.chain.readContract({
        address,
        abi: inferenceChannelsAbi,
        functionName: 'channels',
        args: [id],
      });
      return [id, { balanceWei, claimedWei }];
    }),
  );
  return new Map(entries);
}
