import { and, eq, gt, isNull } from 'drizzle-orm';
import { type Address, type Hex, recoverMessageAddress } from 'viem';
import { parseSiweMessage, type SiweMessage, validateSiweMessage } from 'viem/siwe';
import { authNonces } from '#db/schema/auth.ts';
import type { Deps } from '../deps.ts';
import { SignInRefusedError, SignInUnavailableError } from './errors.ts';
import type { SignInInput } from './schema.ts';

type SignInDeps = Pick<Deps, 'db' | 'chain' | 'env' | 'now'>;

/**
 * Checks a sign-in message (EIP-4361) and its signature, and uses up its nonce.
 *
 * Every field is compared with what this server is configured to be, never with the request's Host. The nonce goes last and
 * in one UPDATE, so that of many parallel uses exactly one succeeds and a wrong signature burns nothing.
 *
 * @returns the account, lower-case.
 * @throws {SignInRefusedError} {@link SignInUnavailableError}
 */
export async function verifySignIn(deps: SignInDeps, input: SignInInput): Promise<`0x${string}`> {
  const fields = parseSiweMessage(input.message);
  const { address, nonce } = checkFields(deps, fields);
  await checkSignature(deps, address, input);
  const used = await deps.db
    .update(authNonces)
    .set({ usedAt: deps.now() })
    .where(and(eq(authNonces.nonce, nonce), isNull(authNonces.usedAt), gt(authNonces.expiresAt, deps.now())))
    .returning({ nonce: authNonces.nonce });
  if (used.length !== 1) {
    throw new SignInRefusedError('This sign-in was used already or is older than ten minutes. Sign in again.');
  }
  return address.toLowerCase() as `0x${string}`;
}

function checkFields(deps: SignInDeps, fields: Partial<SiweMessage>): { address: Address; nonce: string } {
  const app = new URL(deps.env.APP_URL);
  const { address, nonce, chainId, uri, expirationTime } = fields;
  if (!address || !nonce || !uri || fields.version !== '1') {
    throw new SignInRefusedError('This is not a sign-in message of this site. Sign in again from the button above.');
  }
  if (fields.domain !== app.host || !URL.canParse(uri) || new URL(uri).origin !== app.origin) {
    throw new SignInRefusedError(
      `This message is for ${fields.domain}, and this site is ${app.host}. Open ${app.origin}.`,
    );
  }
  if (chainId !== deps.env.CHAIN_ID) {
    throw new SignInRefusedError(
      `The wallet is on chain ${chainId}, and this site uses chain ${deps.env.CHAIN_ID}. Switch the network and sign in again.`,
    );
  }
  const issuedAt = fields.issuedAt?.getTime() ?? Number.NaN;
  const fresh = Math.abs(deps.now().getTime() - issuedAt) < 600_000;
  if (!fresh || !expirationTime || !validateSiweMessage({ message: fields, time: deps.now() })) {
    throw new SignInRefusedError(
      'This sign-in message is too old, or the clock of this device is wrong. Sign in again.',
    );
  }
  return { address, nonce };
}

/** Plain accounts are checked here, without the chain; only when that fails are contract wallets asked (EIP-1271, 6492). */
async function checkSignature(deps: SignInDeps, address: Address, input: SignInInput): Promise<void> {
  const recovered = await recoverMessageAddress({ message: input.message, signature: input.signature as Hex }).catch(
    () => null,
  );
  if (recovered?.toLowerCase() === address.toLowerCase()) return;
  try {
    if (await withTimeout(askContract(deps, address, input), 2_000)) return;
  } catch (cause) {
    throw new SignInUnavailableError(cause);
  }
  throw new SignInRefusedError('The signature does not belong to this account. Sign in again.');
}

/** viem answers false also when the chain is silent; a second question tells the two apart. */
async function askContract(deps: SignInDeps, address: Address, input: SignInInput): Promise<boolean> {
  const valid = await deps.chain.verifyMessage({ address, message: input.message, signature: input.signature });
  if (!valid) await deps.chain.getChainId();
  return valid;
}

async function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
