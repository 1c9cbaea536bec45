import { sha256, stringToBytes } from 'viem';
import { canonicalJson, type Json } from '../canonical-json.ts';
import type { TaskBody, TaskReceiptBody } from './task-schema.ts';

/** SHA-256 over the canonical JSON of a task's opening or receipt: what is signed. `kind` keeps the two, and receipts, apart. */
export function taskHash(body: TaskBody | TaskReceiptBody): `0x${string}` {
  return sha256(stringToBytes(canonicalJson(body as unknown as Json)));
}
