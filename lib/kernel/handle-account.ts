import { type Address, keccak256, stringToBytes } from 'viem';

/** "handle" in ASCII: the leading six bytes of every handle's account. */
const tag = '68616e646c65';

/**
 * The account of somebody who has no wallet: six letters and the last 14 bytes of keccak256 of the name, as
 * `AttributionLedger.handleAccount` computes it. Nobody has its key.
 *
 * @param handle in canonical spelling (`canonicalHandle`)
 */
export function handleAccount(handle: string): Address {
  return `0x${tag}${keccak256(stringToBytes(handle)).slice(-28)}`;
}

/** Whether an account is a handle's: what it earns waits until the name is bound to a wallet. */
export function isHandleAccount(account: string): boolean {
  return account.slice(2, 14).toLowerCase() === tag;
}

const canonical = /^[a-z0-9][a-z0-9-]{1,19}:\P{Cc}{1,80}$/u;

/**
 * `GitHub: Alice  B` becomes `github:alice b`: one spelling, one account. Null when it is no handle: a place where the name is known,
 * a colon, the name.
 */
export function canonicalHandle(text: string): string | null {
  const [place, ...name] = text.normalize('NFC').toLowerCase().split(':');
  const handle = `${place!.trim()}:${name.join(':').trim().replace(/\s+/gu, ' ')}`;
  return canonical.test(handle) ? handle : null;
}
