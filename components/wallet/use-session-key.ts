'use client';

import { useCallback } from 'react';
import type { Address, Hex } from 'viem';
import type { ChannelsDomain, Voucher } from '#lib/kernel/voucher.ts';
import { useWalletContext } from './wallet-boundary.tsx';

/** Signs payment vouchers without prompts. `address` is the `signer` of the channel. */
export type SessionKey = {
  address: Address;
  signVoucher: (voucher: Voucher) => Promise<Hex>;
};

const keyOf = (chainId: number, account: string) => `openledger.session-key.${chainId}.${account.toLowerCase()}`;

/**
 * The browser's own key for an account's payments. It can spend at most what lies in the account's channel, and it never
 * leaves this browser. `create` makes it on first use; `find` answers null where this browser has none.
 */
export function useSessionKey(account: Address | null): {
  create: () => Promise<SessionKey>;
  find: () => Promise<SessionKey | null>;
} {
  const { config } = useWalletContext();
  const { chainId } = config;
  const { inferenceChannels } = config.addresses;
  const find = useCallback(async () => {
    const stored = account && localStorage.getItem(keyOf(chainId, account));
    if (!stored || !/^0x[0-9a-f]{64}$/.test(stored)) return null;
    return toSessionKey(stored as Hex, { chainId, inferenceChannels });
  }, [account, chainId, inferenceChannels]);
  const create = useCallback(async () => {
    if (!account) throw new Error('Connect a wallet before a session key is made.');
    const found = await find();
    if (found) return found;
    const { generatePrivateKey } = await import('viem/accounts');
    const key = generatePrivateKey();
    localStorage.setItem(keyOf(chainId, account), key);
    return toSessionKey(key, { chainId, inferenceChannels });
  }, [account, chainId, inferenceChannels, find]);
  return { create, find };
}

async function toSessionKey(key: Hex, domain: ChannelsDomain): Promise<SessionKey> {
  const [{ privateKeyToAccount }, { voucherTypedData }] = await Promise.all([
    import('viem/accounts'),
    import('#lib/kernel/voucher.ts'),
  ]);
  const account = privateKeyToAccount(key);
  return {
    address: account.address,
    signVoucher: (voucher) => account.signTypedData(voucherTypedData(domain, voucher)),
  };
}
