'use client';

import { createAuthenticationAdapter } from '@rainbow-me/rainbowkit';
import { useMemo } from 'react';
import { createSiweMessage } from 'viem/siwe';
import { toast } from '#components/ui/toast.ts';
import { AuthRequestError, fetchNonce, signOut, verifyMessage } from './auth-client.ts';

/**
 * RainbowKit's sign-in (EIP-4361) against our routes. The message names our chain whatever network the wallet is on:
 * signing in needs no network, transactions ask for it later.
 */
export function useSiweAdapter(chainId: number, onSession: (address: `0x${string}` | null) => void) {
  return useMemo(
    () =>
      createAuthenticationAdapter({
        getNonce: () => fetchNonce().catch(fail),
        createMessage: ({ nonce, address }) => {
          const now = Date.now();
          return createSiweMessage({
            address,
            chainId,
            nonce,
            domain: location.host,
            uri: location.origin,
            version: '1',
            statement: 'Sign in to OpenLedger. This costs nothing and sends no transaction.',
            issuedAt: new Date(now),
            expirationTime: new Date(now + 600_000),
          });
        },
        verify: async ({ message, signature }) => {
          try {
            onSession(await verifyMessage(message, signature));
            return true;
          } catch (error) {
            sayWhy(error);
            return false;
          }
        },
        signOut: async () => {
          await signOut().catch(sayWhy);
          onSession(null);
        },
      }),
    [chainId, onSession],
  );
}

function sayWhy(error: unknown): void {
  toast.error(error instanceof AuthRequestError ? error.message : 'Signing in failed. Try again.');
}

function fail(error: unknown): never {
  sayWhy(error);
  throw error;
}
