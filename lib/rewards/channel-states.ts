import type { Hex } from 'viem';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** A channel as the contract has it now. Wei. */
export type ChannelState = { balanceWei: bigint; claimedWei: bigint };

const callsAtOnce = 200;

/** Reads channels from the chain itself, not from the index: settlement must not act on a view that lags. */
export async function readChannelStates(
  deps: Pick<Deps, 'chain' | 'deployment'>,
  ids: readonly Hex[],
): Promise<Map<Hex, ChannelState>> {
  const contract = { address: deps.deployment.addresses.inferenceChannels, abi: inferenceChannelsAbi } as const;
  const states = new Map<Hex, ChannelState>();
  for (let i = 0; i < ids.length; i += callsAtOnce) {
    await Promise.all(
      ids.slice(i, i + callsAtOnce).map(async (id) => {
        const call = { ...contract, functionName: 'channels', args: [id] } as const;
        const [, balanceWei, , claimedWei] = await deps.chain.readContract(call);
        states.set(id, { balanceWei, claimedWei });
      }),
    );
  }
  return states;
}
