import { createHash } from 'node:crypto';
import type { Deps } from '#lib/platform/deps.ts';

/**
 * Time and randomness of the sample data: from a label, not from the clock. Every installation then has the same ids, the
 * same Merkle roots and the same versions, so a model trained on sample data can be shipped and checked anywhere.
 *
 * @param dayOffset days after the fixed first day of the samples.
 */
export function seedDeps<D extends Pick<Deps, 'now' | 'randomBytes'>>(deps: D, label: string, dayOffset: number): D {
  const at = new Date(Date.UTC(2026, 5, 1 + dayOffset, 9)); // from 1 June 2026, 09:00 UTC
  let counter = 0;
  return {
    ...deps,
    now: () => at,
    randomBytes: (size: number) => {
      const digest = createHash('shake256', { outputLength: size }).update(`${label}#${counter++}`).digest();
      return new Uint8Array(digest);
    },
  };
}
