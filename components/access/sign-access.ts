import { signTypedData } from 'wagmi/actions';
import type { WalletConfig } from '#components/wallet/wallet-config.ts';
import { walletStore } from '#components/wallet/wallet-store.ts';
import {
  type AccessGrantMessage,
  type AccessRequestMessage,
  accessGrantTypedData,
  accessRequestTypedData,
} from '#lib/kernel/access-typed-data.ts';

/** The wallet's signature under a request; nothing is sent on chain and nothing costs. Throws what the wallet throws. */
export async function signRequest({ chainId }: WalletConfig, message: AccessRequestMessage): Promise<`0x${string}`> {
  const { config } = await walletStore.handlers();
  return signTypedData(config, { ...accessRequestTypedData(chainId, message), account: message.account });
}

/** The owner's signature under a permission. */
export async function signGrant(
  { chainId }: WalletConfig,
  owner: `0x${string}`,
  message: AccessGrantMessage,
): Promise<`0x${string}`> {
  const { config } = await walletStore.handlers();
  return signTypedData(config, { ...accessGrantTypedData(chainId, message), account: owner });
}
