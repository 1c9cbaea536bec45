import type { Address, Hex } from 'viem';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import type { ChannelView } from '#lib/serving/types.ts';
import { type ContractCall, contractCall } from '../transaction/types.ts';
import type { WalletConfig } from '../wallet-config.ts';

type DepositInput = {
  config: WalletConfig;
  /** Channel to add to; null opens a new one for `signer`. */
  channel: ChannelView | null;
  signer: Address;
  amountWei: bigint;
};

/** Adds to the channel when this browser holds its key; opens a channel otherwise. Needs an approval of the amount. */
export function makeDepositCall({ config, channel, signer, amountWei }: DepositInput): ContractCall {
  const to = { address: config.addresses.inferenceChannels, abi: inferenceChannelsAbi } as const;
  if (holdsKey(channel, signer)) {
    return contractCall({ ...to, functionName: 'deposit', args: [channel.channelId, amountWei] });
  }
  const { revenueRouter } = config.addresses;
  return contractCall({
    ...to,
    functionName: 'open',
    args: [revenueRouter, signer, config.channelDelaySeconds, freshSalt(), amountWei],
  });
}

/**
 * The same in one transaction: the wallet signs an EIP-2612 permit first, and the call carries it. Works for plain accounts;
 * contract wallets approve instead.
 */
export async function makePermitDepositCall(input: DepositInput & { account: Address }): Promise<ContractCall> {
  const { config, channel, signer, amountWei, account } = input;
  const { signPermit } = await import('./sign-permit.ts');
  const permit = await signPermit(config, account, amountWei);
  const to = { address: config.addresses.inferenceChannels, abi: inferenceChannelsAbi } as const;
  if (holdsKey(channel, signer)) {
    return contractCall({ ...to, functionName: 'depositWithPermit', args: [channel.channelId, amountWei, permit] });
  }
  const { revenueRouter } = config.addresses;
  return contractCall({
    ...to,
    functionName: 'openWithPermit',
    args: [revenueRouter, signer, config.channelDelaySeconds, freshSalt(), amountWei, permit],
  });
}

/** True when vouchers for this channel can be signed in this browser. */
export function holdsKey(channel: ChannelView | null, signer: Address): channel is ChannelView {
  return channel !== null && channel.signer.toLowerCase() === signer.toLowerCase();
}

function freshSalt(): Hex {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
