import { toHex } from 'viem';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';

/**
 * The words that anvil, hardhat and most wallets' manuals use for test chains. Known to everybody: whatever is sent to
 * these accounts on a real chain is gone at once.
 */
export const devnetMnemonic = 'test test test test test test test test test test test junk';

/** Numbered devnet account, from 0. Account 9 is the operator of the system, 1 is offered to visitors. */
export function devnetAccount(index: number): { account: HDAccount; privateKey: `0x${string}` } {
  const account = mnemonicToAccount(devnetMnemonic, { addressIndex: index });
  return { account, privateKey: toHex(account.getHdKey().privateKey!) };
}
