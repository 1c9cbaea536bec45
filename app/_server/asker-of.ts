import type { Asker } from '#lib/passes/queries.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';

/** Whose access passes count for what is listed; null for visitors, who have none. */
export function askerOf(deps: Pick<Deps, 'now'>, actor: Actor): Asker | null {
  return actor.kind === 'account' ? { account: actor.address, now: deps.now() } : null;
}
