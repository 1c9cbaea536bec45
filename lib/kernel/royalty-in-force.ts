/** What ModelRegistry.setRoyalty announced: `at` is the time of its block; times in seconds. */
export type RoyaltyAnnouncement = { bps: number; effectiveAt: number; at: number };

/**
 * ModelRegistry.royaltyOf at a time, from what was announced until then, in order: the newest announcement once it holds, before that what
 * held when it was made. Pure.
 */
export function royaltyInForce(announcements: readonly RoyaltyAnnouncement[], time: number): number {
  let [current, next, effectiveAt] = [0, 0, 0];
  for (const announced of announcements) {
    if (announced.at >= effectiveAt) current = next;
    ({ bps: next, effectiveAt } = announced);
  }
  return time >= effectiveAt ? next : current;
}
