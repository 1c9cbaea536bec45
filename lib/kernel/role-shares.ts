import { splitByLargestRemainder } from './money.ts';

/** What somebody did for a row, in the order of a row's life. */
export const lineageRoles = ['collect', 'clean', 'translate', 'label', 'review', 'feedback'] as const;
export type LineageRole = (typeof lineageRoles)[number];

/** One accepted act on a row. A row's lineage is the list of its acts, oldest first. */
export type LineageAct = { role: LineageRole; account: `0x${string}` };
export type RoleShare = LineageAct & { sharePpm: number };

/**
 * Weights of the roles; only the ratio of those present counts, so nothing is lost where a role is missing.
 *
 * - collect 76: without the row there is nothing to improve. It keeps at least a third, whatever others add.
 * - translate 76: every word that trains is the translator's, and none would be there without the original: equal parts.
 *   The translation stands beside the original, so it takes nothing from the original's own earnings.
 * - label 40: who corrects the answer writes the text that the loss is computed on, but not the question.
 * - clean 20: the words stay, their form gets better.
 * - feedback 10: who reported the fault that led to the improvement.
 * - review 4: 5 % of a row that was only collected and reviewed. Curators have a part of every fee already (`validators` in the
 *   model's split, by rows accepted), which pays for work whatever it was worth. This small part pays for judgement: it comes
 *   from rows that shaped paid answers, and is too small to make accepting one's friends' rows worth the bond.
 */
export const roleWeights: Record<LineageRole, number> = {
  collect: 76,
  clean: 20,
  translate: 76,
  label: 40,
  review: 4,
  feedback: 10,
};

/**
 * Divides a row's share over its lineage: first over the roles present by `roleWeights`, then equally over the acts of one
 * role, each by largest remainder. The result has one entry an act, in the lineage's order, and sums to `sharePpm` exactly.
 *
 * Acts count, never accounts: amounts depend on the roles alone, so dividing one's acts over wallets, or joining them in one,
 * moves no ppm of anybody. Ties go to the older act. A second act in a role that is present takes from that role only, so a
 * chain of small cleanings cannot wash out the contributor.
 *
 * Throws a RangeError for a row without lineage: its money would have no owner.
 */
export function roleShares(sharePpm: number, lineage: readonly LineageAct[]): RoleShare[] {
  if (lineage.length === 0) throw new RangeError('roleShares: a row needs at least one act');
  const present = lineageRoles.filter((role) => lineage.some((act) => act.role === role));
  const parts = splitByLargestRemainder(
    BigInt(sharePpm),
    present.map((role) => BigInt(roleWeights[role])),
  );
  const shares: RoleShare[] = lineage.map((act) => ({ ...act, sharePpm: 0 }));
  for (const [i, role] of present.entries()) {
    const acts = shares.filter((share) => share.role === role);
    const amounts = splitByLargestRemainder(
      parts[i]!,
      acts.map(() => 1n),
    );
    for (const [k, act] of acts.entries()) act.sharePpm = Number(amounts[k]!);
  }
  return shares;
}
