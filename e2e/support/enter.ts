import { createSiweMessage } from 'viem/siwe';
import { giveGas } from './people.ts';
import { readRuntime } from './place.ts';
import { signIn } from './sign-in.ts';
import type { Person } from './test.ts';

/** Somebody with gas, signed in by the dialog, whose wallet is connected. */
export async function enter(someone: Person): Promise<Person> {
  await giveGas(someone.address);
  await someone.page.goto('/');
  await signIn(someone.page, someone.address);
  return someone;
}

/** Somebody with a session alone (EIP-4361 over HTTP, the cookie in their browser): for those whose wallet signs nothing else. */
export async function enterQuickly(someone: Person): Promise<Person> {
  const { APP_URL, CHAIN_ID } = readRuntime();
  const post = async (path: string, data: object) => {
    const response = await someone.page.request.post(path, { data, headers: { origin: APP_URL } });
    if (!response.ok()) throw new Error(`${path}: ${response.status()} ${await response.text()}`);
    return response.json();
  };
  const { nonce } = await post('/api/auth/nonce', {});
  const message = createSiweMessage({
    ...{ address: someone.address, chainId: CHAIN_ID, nonce, version: '1' },
    ...{ domain: new URL(APP_URL).host, uri: APP_URL },
    ...{ issuedAt: new Date(), expirationTime: new Date(Date.now() + 600_000) },
  });
  await post('/api/auth/verify', { message, signature: await someone.wallet.account.signMessage({ message }) });
  return someone;
}
