import { BaseError } from '#lib/kernel/base-error.ts';

/**
 * Owner of bytes. Content-addressed keys (`sha256/<hex>`) never change once written; other keys (adapter folders,
 * checkpoints) are written once too, by a worker that holds the lease. Two implementations: a folder and S3.
 */
export interface ObjectStore {
  /** Writes atomically: readers see all bytes or none. */
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** `put` of a file of this machine, however large: it is never in memory as a whole. */
  putFile(key: string, path: string): Promise<void>;
  /** Throws ObjectNotFoundError. */
  get(key: string): Promise<Uint8Array>;
  /** `get` for what is large: the bytes as they come. Throws ObjectNotFoundError. */
  open(key: string): Promise<{ sizeBytes: number; body: ReadableStream<Uint8Array> }>;
  exists(key: string): Promise<boolean>;
  /** Takes an object away; one that is not there is none to take. For what is not content-addressed, and for erasure. */
  remove(key: string): Promise<void>;
  /** Keys under a prefix, sorted. */
  list(prefix: string): Promise<string[]>;
}

export class ObjectNotFoundError extends BaseError {
  readonly code = 'object_not_found';
  readonly category = 'unavailable';
  constructor(key: string, cause?: unknown) {
    super('A stored file is missing. The operators can restore it from the object store.', {
      details: `key ${key}`,
      cause,
    });
  }
}

const keyPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Refuses keys that could leave the store (`..`, absolute paths) or that S3 and file systems read differently. */
export function assertObjectKey(key: string): void {
  if (!keyPattern.test(key)) throw new RangeError(`object key ${JSON.stringify(key)} is not allowed`);
}
