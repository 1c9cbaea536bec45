import type { AttackResult } from './types.ts';

/** What the attacker has after the attack for each unit that it had before; its own questions are paid for. 1 is no gain. */
export function gainOf({ attackerBefore, attackerAfter, feesPaid }: AttackResult): number {
  return (attackerAfter - feesPaid) / attackerBefore;
}

/**
 * What the honest contributors lost of each unit that they had before. Questions that the attacker paid for bring money in,
 * which is why this may be negative: they earn more.
 */
export function honestLossOf({ honestBefore, honestAfter }: AttackResult): number {
  return honestBefore === 0 ? 0 : 1 - honestAfter / honestBefore;
}
