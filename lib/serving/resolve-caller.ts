import type { Actor, Deps } from '#lib/platform/deps.ts';
import { listChannelsOf } from './queries.ts';
import type { Caller } from './types.ts';

/**
 * Who pays. A key and an account with a channel pay from it; a visitor, or an account that never deposited, asks from the
 * daily free quota.
 */
export async function resolveCaller(
  deps: Pick<Deps, 'db' | 'deployment'>,
  input: { actor: Actor; apiKeyId: string | null; callerKey: string },
): Promise<Caller> {
  const { actor, apiKeyId, callerKey } = input;
  if (actor.kind !== 'account') return { kind: 'free', callerKey };
  if (apiKeyId) return { kind: 'api-key', callerKey, payer: actor.address, apiKeyId };
  const channels = await listChannelsOf(deps.db, actor.address, deps.deployment.addresses.revenueRouter);
  return channels.length === 0 ? { kind: 'free', callerKey } : { kind: 'session', callerKey, payer: actor.address };
}
