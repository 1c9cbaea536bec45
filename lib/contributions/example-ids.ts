import { makeId } from '#lib/kernel/ids.ts';
import type { Deps } from '#lib/platform/deps.ts';

/**
 * `count` ids that sort in the order in which they are made, although they share a millisecond: random start, then +1 (the
 * monotonic ULID). Rows keep the order of their file in lists and in the leaves of a version.
 */
export function newExampleIds(deps: Pick<Deps, 'now' | 'randomBytes'>, count: number): string[] {
  const random = Uint8Array.from(deps.randomBytes(10));
  random[0]! &= 0x7f; // room to count upwards without overflow
  const nowMs = deps.now().getTime();
  return Array.from({ length: count }, () => {
    const id = makeId('example', nowMs, random);
    for (let i = 9; i >= 0; i--) {
      random[i] = (random[i]! + 1) & 0xff;
      if (random[i] !== 0) break;
    }
    return id;
  });
}
