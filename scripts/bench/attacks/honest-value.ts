import type { AttackResult } from '#lib/attacks/types.ts';

/**
 * A result held against what its accounts earn honestly in the world that it attacks, as any draw of that world would have it: the
 * mean over controls, in which a stranger adds one row. One training is no measure of another: every change of the rows draws
 * others to hold out and moves pay by chance, and the attacker is chosen for middling pay in the very run before, so that this run
 * lies under the mean. An attack that changes nothing of what is trained on moves no bit and stays held against the run before.
 *
 * @param controls of the same world and rules, none of them the result itself
 */
export function againstHonestValue(result: AttackResult, controls: readonly AttackResult[]): AttackResult {
  if (result.isUnmoved) return result;
  const known = new Set(result.accounts.filter(({ isAttacker }) => isAttacker).map(({ account }) => account));
  const mean = (isMine: boolean): number => {
    const paid = controls.flatMap(({ accounts }) => accounts.filter(({ account }) => known.has(account) === isMine));
    return paid.reduce((sum, { after }) => sum + after, 0) / controls.length;
  };
  if (controls.length === 0) throw new RangeError('againstHonestValue: no control of this world');
  return { ...result, attackerBefore: mean(true), honestBefore: mean(false) };
}
