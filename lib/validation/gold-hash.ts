import { sha256, stringToBytes } from 'viem';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';

/** By which equal gold rows are one. */
export function goldHash(data: Record<string, string>): `0x${string}` {
  return sha256(stringToBytes(canonicalJson(data)));
}
