import { hashVisitor } from '#lib/platform/auth/hash-token.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';

/**
 * Who is counted in limits and quotas: the account, or a keyed hash of the visitor's network address. Behind proxies the
 * nearest one appends the address that it saw, so the last entry is the one that a caller cannot forge.
 */
export function callerKey(deps: Pick<Deps, 'env'>, actor: Actor, headers: Headers): string {
  if (actor.kind === 'account') return actor.address;
  const forwarded = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return `visitor:${hashVisitor(deps.env.SESSION_SECRET, forwarded || 'unknown')}`;
}
