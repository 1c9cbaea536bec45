import { type HDAccount, mnemonicToAccount } from 'viem/accounts';

/** The mnemonic that anvil and Hardhat publish: everybody knows its keys, so they are for the devnet only. */
const devnetMnemonic = 'test test test test test test test test test test test junk';

/** Numbered devnet account: signs for the people of the sample data. */
export function devnetAccount(n: number): HDAccount {
  return mnemonicToAccount(devnetMnemonic, { addressIndex: n });
}

/** The same account as the actor of a use case. */
export function devnetActor(n: number): { kind: 'account'; address: `0x${string}` } {
  return { kind: 'account', address: devnetAccount(n).address.toLowerCase() as `0x${string}` };
}
