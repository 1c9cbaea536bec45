import type { Pass } from './types.ts';

const dayMs = 86_400_000;

/** When a pass of so many days ends that begins then. */
export function endOfPass(from: Date, days: number): Date {
  return new Date(from.getTime() + days * dayMs);
}

/** Whether a pass lets its holder ask at that time, and if not why. */
export function stateOfPass(
  pass: { revokedAt: Date | null; until: Date | null; answersLeft: number | null },
  now: Date,
): Pass['state'] {
  if (pass.revokedAt) return 'revoked';
  if (pass.until) return pass.until > now ? 'usable' : 'expired';
  return (pass.answersLeft ?? 0) > 0 ? 'usable' : 'used_up';
}
