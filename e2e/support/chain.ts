import {
  type Abi,
  type Address,
  createPublicClient,
  createWalletClient,
  http,
  nonceManager,
  parseEther,
  publicActions,
  type TransactionReceipt,
  toHex,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { openTokenAbi } from '../../contracts-abi/open-token.ts';
import { devnet } from '../../lib/platform/chain/chains.ts';
import type { Deployment } from '../../lib/platform/deployment.ts';
import { devnetAccount } from '../../scripts/contracts/devnet-config.ts';
import { readContracts, readRuntime } from './place.ts';

export type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] };

/** Holds 100,000 OPEN and ether from the start; journeys that need more than the faucet's daily gift take it from here. */
export const purse = 9;

/** Reads the chain under test. */
export const chainReader = () =>
  createPublicClient({ chain: devnet, transport: http(readRuntime().RPC_URL), pollingInterval: 200 });

/** Address of one of our contracts. Throws for one that the deployment has not. */
export function contractAddress(name: keyof Deployment['addresses']): Address {
  const address = readContracts().addresses[name];
  if (!address) throw new Error(`${name} is not deployed`);
  return address;
}

/** Sends as devnet account `index` would outside of a browser. Throws with the contract's reason when it reverts. */
export async function sendAs(index: number, call: Call): Promise<TransactionReceipt> {
  const account = privateKeyToAccount(toHex(devnetAccount(index).getHdKey().privateKey!), { nonceManager });
  const transport = http(readRuntime().RPC_URL);
  const wallet = createWalletClient({ account, chain: devnet, transport, pollingInterval: 200 }).extend(publicActions);
  // As wallets do: what others send in between may make it cost more than in the block that the estimate saw.
  const gas = ((await wallet.estimateContractGas(call as never)) * 3n) / 2n;
  const hash = await wallet.writeContract({ ...call, gas } as never);
  const receipt = await wallet.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`${call.functionName} reverted`);
  return receipt;
}

/** A call of OPEN. */
export const openCall = (functionName: 'transfer' | 'approve', to: Address, wei: bigint): Call => ({
  address: contractAddress('openToken'),
  abi: openTokenAbi,
  functionName,
  args: [to, wei],
});

/** Gives devnet account `index` ether for fees and `open` whole OPEN. */
export async function equip(index: number, open: string): Promise<Address> {
  const { address } = devnetAccount(index);
  const account = privateKeyToAccount(toHex(devnetAccount(purse).getHdKey().privateKey!), { nonceManager });
  const wallet = createWalletClient({ account, chain: devnet, transport: http(readRuntime().RPC_URL) });
  const hash = await wallet.sendTransaction({ to: address, value: parseEther('1') });
  await chainReader().waitForTransactionReceipt({ hash });
  await sendAs(purse, openCall('transfer', address, parseEther(open)));
  return address;
}

/** Waits until a block of the chain has this time, in seconds: nobody can move its clock. */
export async function untilChainTime(seconds: bigint): Promise<void> {
  for (;;) {
    const { timestamp } = await chainReader().getBlock();
    if (timestamp >= seconds) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
