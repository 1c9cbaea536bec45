import { hashVisitor } from '#lib/platform/auth/hash-token.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { clientAddress } from './client-address.ts';

/** Who is counted in limits and quotas: the account, or a keyed hash of the visitor's network address. */
export function callerKey(deps: Pick<Deps, 'env'>, actor: Actor, headers: Headers): string {
  if (actor.kind === 'account') return actor.address;
  return `visitor:${hashVisitor(deps.env.SESSION_SECRET, clientAddress(headers, deps.env.TRUSTED_PROXY_HOPS))}`;
}
