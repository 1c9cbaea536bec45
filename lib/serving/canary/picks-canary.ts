import { createHash } from 'node:crypto';

/**
 * Whether a question goes to the canary: `percent` of all keys do, and one key always decides alike, so that a request that is sent again
 * meets the model that it met before.
 *
 * @param key the request's idempotency key
 * @param percent 0 to 100
 */
export function picksCanary(modelId: string, key: string, percent: number): boolean {
  const digest = createHash('sha256').update(`canary:${modelId}:${key}`).digest();
  return digest.readUInt32BE(0) < (percent / 100) * 2 ** 32;
}
