import { sha256, stringToBytes } from 'viem';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import type { RowData } from '../types.ts';

/**
 * The text by which rows are compared: Unicode NFKC, each run of white space one space, trimmed. Case and punctuation
 * count: rows that differ in them are near-duplicates, a matter for curators.
 */
export function canonicalText(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

/**
 * `contentHash` of a row: SHA-256 of the canonical JSON of its canonical field texts. Two rows with the same words have
 * the same hash, in whatever spacing or Unicode form they were sent. Runs in the browser and on the server alike.
 */
export function contentHashOf(data: RowData): `0x${string}` {
  const canonical = Object.fromEntries(Object.entries(data).map(([field, text]) => [field, canonicalText(text)]));
  return sha256(stringToBytes(canonicalJson(canonical)));
}
