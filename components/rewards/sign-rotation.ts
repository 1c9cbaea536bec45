import type { Address } from 'viem';
import { readContract, signTypedData } from 'wagmi/actions';
import type { WalletConfig } from '#components/wallet/wallet-config.ts';
import { walletStore } from '#components/wallet/wallet-store.ts';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { type RotationApproval, rotationTypedData } from '#lib/kernel/rotation.ts';

/** The wallet's signature, as the recovery that `account` named, that its earnings go to this wallet. Good for an hour. */
export async function signRotation(config: WalletConfig, account: Address, to: Address): Promise<RotationApproval> {
  const { config: wagmi } = await walletStore.handlers();
  const { attributionLedger } = config.addresses;
  const nonce = await readContract(wagmi, {
    ...{ address: attributionLedger, abi: attributionLedgerAbi, functionName: 'nonces' },
    args: [account],
  });
  const deadline = BigInt(Math.floor(Date.now() / 1000) + 3_600);
  const typed = rotationTypedData({ chainId: config.chainId, attributionLedger }, { account, to, nonce, deadline });
  const signature = await signTypedData(wagmi, { ...typed, account: to });
  return { account, to, deadline: deadline.toString(), signature };
}
