import { recoverTypedDataAddress } from 'viem';
import { verifyTypedData } from 'wagmi/actions';
import type { WalletConfig } from '#components/wallet/wallet-config.ts';
import { walletStore } from '#components/wallet/wallet-store.ts';
import { accessRequestTypedData } from '#lib/kernel/access-typed-data.ts';

type SignedRequest = {
  account: `0x${string}`;
  publicKey: `0x${string}`;
  purpose: string;
  /** A date, or seconds. */
  signedAt: Date | number;
  signature: `0x${string}`;
};

/**
 * Whether the account itself asked, with this public key: checked in the owner's browser before a data key is wrapped, so that this server
 * cannot slip in a key of its own. Contract wallets are asked through the wallet's own node.
 */
export async function isSignedRequest(
  { chainId }: WalletConfig,
  datanetId: string,
  { account, publicKey, purpose, signedAt, signature }: SignedRequest,
): Promise<boolean> {
  const seconds = typeof signedAt === 'number' ? signedAt : Math.floor(new Date(signedAt).getTime() / 1000);
  const message = { datanet: datanetId, account, purpose, publicKey, signedAt: BigInt(seconds) };
  const typed = accessRequestTypedData(chainId, message);
  const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null);
  if (signer?.toLowerCase() === account.toLowerCase()) return true;
  const { config } = await walletStore.handlers();
  return verifyTypedData(config, { ...typed, address: account, signature }).catch(() => false);
}
