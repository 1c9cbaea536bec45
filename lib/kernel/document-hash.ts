import { sha256, stringToBytes } from 'viem';
import { canonicalJson, type Json } from './canonical-json.ts';

/** SHA-256 over the canonical JSON (RFC 8785) of a signed document: what is signed (EIP-191), and a receipt's leaf. */
export function documentHash(body: object): `0x${string}` {
  return sha256(stringToBytes(canonicalJson(body as Json)));
}
