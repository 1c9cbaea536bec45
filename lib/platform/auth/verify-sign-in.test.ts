import { randomBytes } from 'node:crypto';
import { createPublicClient, http } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createSiweMessage, type SiweMessage } from 'viem/siwe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import type { Deps } from '../deps.ts';
import { createNonce } from './create-nonce.ts';
import { verifySignIn } from './verify-sign-in.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const account = privateKeyToAccount(generatePrivateKey());
const start = new Date('2026-11-21T12:00:00Z');
let now = start;
// Nothing listens on port 9: plain accounts must be able to sign in while the chain is down.
const chain = createPublicClient({ transport: http('http://127.0.0.1:9', { retryCount: 0 }) });
const deps = (): Pick<Deps, 'db' | 'chain' | 'env' | 'now' | 'randomBytes'> => ({
  db: database.db,
  chain: chain as Deps['chain'],
  env: { APP_URL: 'https://openledger.example', CHAIN_ID: 1612 } as Deps['env'],
  now: () => now,
  randomBytes,
});

async function signed(change: Partial<SiweMessage> = {}, signer = account) {
  const message = createSiweMessage({
    address: account.address,
    chainId: 1612,
    domain: 'openledger.example',
    uri: 'https://openledger.example',
    version: '1',
    nonce: change.nonce ?? (await createNonce(deps())),
    issuedAt: now,
    expirationTime: new Date(now.getTime() + 600_000),
    ...change,
  });
  return { message, signature: await signer.signMessage({ message }) };
}

describe('verifySignIn', () => {
  it('answers the account in lower case, with the chain down', async () => {
    now = start;
    await expect(verifySignIn(deps(), await signed())).resolves.toBe(account.address.toLowerCase());
  });

  it('takes a nonce once, also when fifty requests use it at the same moment', async () => {
    const input = await signed();
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => verifySignIn(deps(), input)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    await expect(verifySignIn(deps(), input)).rejects.toMatchObject({ code: 'sign_in_refused' });
  });

  it('keeps the nonce when the signature is wrong, so that nobody can burn it for others', async () => {
    const nonce = await createNonce(deps());
    const good = await signed({ nonce });
    const other = await privateKeyToAccount(generatePrivateKey()).signMessage({ message: good.message });
    // A wrong signature may be a contract wallet's, and the chain that would know is down.
    await expect(verifySignIn(deps(), { ...good, signature: other })).rejects.toMatchObject({
      code: 'sign_in_unavailable',
    });
    await expect(verifySignIn(deps(), good)).resolves.toBe(account.address.toLowerCase());
  });

  it.each<[string, Partial<SiweMessage>]>([
    ['another domain', { domain: 'evil.example' }],
    ['another address of the page', { uri: 'https://evil.example' }],
    ['the same host over plain http', { uri: 'http://openledger.example' }],
    ['another chain', { chainId: 1 }],
    ['a nonce that we never gave', { nonce: 'abcdefgh12345678' }],
    ['a time long ago', { issuedAt: new Date(start.getTime() - 3_600_000) }],
    ['a time in the future', { issuedAt: new Date(start.getTime() + 3_600_000) }],
    ['an end in the past', { expirationTime: new Date(start.getTime() - 1000) }],
    ['a begin in the future', { notBefore: new Date(start.getTime() + 60_000) }],
    ['no end', { expirationTime: undefined }],
  ])('refuses a message with %s', async (_, change) => {
    now = start;
    await expect(verifySignIn(deps(), await signed(change))).rejects.toMatchObject({
      code: 'sign_in_refused',
      category: 'unauthenticated',
    });
  });

  it('refuses a nonce that is older than ten minutes', async () => {
    now = start;
    const nonce = await createNonce(deps());
    now = new Date(start.getTime() + 601_000);
    await expect(verifySignIn(deps(), await signed({ nonce }))).rejects.toMatchObject({ code: 'sign_in_refused' });
    now = start;
  });

  it('refuses text that is no sign-in message', async () => {
    const message = 'Please sign this harmless text';
    const signature = await account.signMessage({ message });
    await expect(verifySignIn(deps(), { message, signature })).rejects.toMatchObject({ code: 'sign_in_refused' });
  });
});
