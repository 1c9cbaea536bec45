import { createWalletClient, http, parseEther, toHex } from 'viem';
import { mnemonicToAccount, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';
import { devnet } from '../../lib/platform/chain/chains.ts';
import { devnetMnemonic } from '../../scripts/contracts/devnet-config.ts';
import { readRuntime } from './place.ts';

/** Devnet account `index`. 0 deploys, 1-9 are the people of the samples, 10-13 roles of the protocol, 20 and up are ours. */
export function devnetPerson(index: number): PrivateKeyAccount {
  const key = mnemonicToAccount(devnetMnemonic, { addressIndex: index }).getHdKey().privateKey!;
  return privateKeyToAccount(toHex(key));
}

/** Gives an account ether for network fees, from the devnet's account 0. OPEN it must get as everybody does. */
export async function giveGas(to: `0x${string}`): Promise<void> {
  const wallet = createWalletClient({
    account: devnetPerson(0),
    chain: devnet,
    transport: http(readRuntime().RPC_URL),
  });
  for (let tries = 0; ; tries++) {
    try {
      await wallet.sendTransaction({ to, value: parseEther('1') });
      return;
    } catch (error) {
      if (tries === 5) throw error; // a journey beside this one sent as account 0 at the same moment
    }
  }
}
