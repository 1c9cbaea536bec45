import type { Actor } from '#lib/platform/deps.ts';

/** The account for whom something is read; null for visitors. */
export function viewerOf(actor: Actor): `0x${string}` | null {
  return actor.kind === 'account' ? actor.address : null;
}
