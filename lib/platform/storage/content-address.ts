import { createHash } from 'node:crypto';
import type { ObjectStore } from './object-store.ts';

/** SHA-256 as `0x` + 64 hex digits. */
export function sha256(bytes: Uint8Array | string): `0x${string}` {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Key of an object named by its content. */
export function contentKey(hash: `0x${string}`): string {
  return `sha256/${hash.slice(2)}`;
}

/** Stores bytes under their hash; the same bytes twice are one object. */
export async function putContent(store: ObjectStore, bytes: Uint8Array): Promise<{ key: string; hash: `0x${string}` }> {
  const hash = sha256(bytes);
  const key = contentKey(hash);
  if (!(await store.exists(key))) await store.put(key, bytes);
  return { key, hash };
}

/** Stores a file of this machine under the hash that its bytes have. Returns its key. */
export async function putContentFile(store: ObjectStore, path: string, hash: `0x${string}`): Promise<string> {
  const key = contentKey(hash);
  if (!(await store.exists(key))) await store.putFile(key, path);
  return key;
}
