import { sha256, stringToBytes } from 'viem';
import { canonicalJson, type Json } from './canonical-json.ts';

/** Node's own; browsers have none that answers at once. A receipt of a thousand rows is 330 kB, and hashed with its answer. */
const native = globalThis.process?.getBuiltinModule?.('node:crypto');

/** SHA-256 over the canonical JSON (RFC 8785) of a signed document: what is signed (EIP-191), and a receipt's leaf. */
export function documentHash(body: object): `0x${string}` {
  const text = canonicalJson(body as Json);
  return native ? `0x${native.createHash('sha256').update(text).digest('hex')}` : portableHash(text);
}

/** What browsers compute, the same in every bit. */
export function portableHash(text: string): `0x${string}` {
  return sha256(stringToBytes(text));
}
