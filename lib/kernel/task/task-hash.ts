import { documentHash } from '../document-hash.ts';
import type { TaskBody, TaskReceiptBody } from './task-schema.ts';

/** SHA-256 over the canonical JSON of a task's opening or receipt: what is signed. `kind` keeps the two, and receipts, apart. */
export function taskHash(body: TaskBody | TaskReceiptBody): `0x${string}` {
  return documentHash(body);
}
