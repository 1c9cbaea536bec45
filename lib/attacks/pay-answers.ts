import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { PPM, splitByLargestRemainder } from '#lib/kernel/money.ts';
import type { SandboxAnswer } from './attack-engine.ts';
import type { AttackRules } from './attack-rules.ts';
import type { AttackRow } from './types.ts';

/** What rows get for a list of answers, in millionths of the data's part of one answer's fee. */
export type Payout = {
  rows: Map<string, number>;
  /** Rows above the cut of at least one answer. */
  named: Set<string>;
  /** Answers in which no row stood out: their money goes to all rows alike. */
  withoutSource: number;
};

/**
 * Pays answers of equal fee as receipts and a reward period do: by name what stands out of the noise; what an answer leaves to
 * the common pool by its own influence shares, or, where it has no source, by equal share of the rows trained on. In the
 * product's integers, by row and in the order of row ids. Sums to 1,000,000 an answer.
 *
 * @param trained ids of the rows trained on
 */
export function payAnswers(
  answers: readonly SandboxAnswer[],
  trained: readonly string[],
  { hasCut, alphaPpm }: Pick<AttackRules, 'hasCut' | 'alphaPpm'>,
): Payout {
  const rows = new Map<string, number>(trained.map((id) => [id, 0]));
  const named = new Set<string>();
  let withoutSource = 0;
  const add = (total: number, weights: readonly { exampleId: string; sharePpm: number }[]): void => {
    const parts = splitByLargestRemainder(
      BigInt(total),
      weights.map(({ sharePpm }) => BigInt(sharePpm)),
    );
    for (const [i, { exampleId }] of weights.entries())
      rows.set(exampleId, (rows.get(exampleId) ?? 0) + Number(parts[i]!));
  };
  for (const { scores, cutScore, sigma, positiveSum } of answers) {
    const facts = { alphaPpm, cutScore: hasCut ? cutScore : 0n, sigma, positiveSum };
    const shares = attributeShares(scores.map(withOneOwner), facts);
    for (const { exampleId, sharePpm } of shares.rows) if (sharePpm > 0) named.add(exampleId);
    if (shares.explainedPpm === 0) withoutSource += 1;
    else add(answerPpm, shares.rows);
  }
  const equal = [...trained].sort().map((exampleId) => ({ exampleId, sharePpm: 1 }));
  if (withoutSource > 0) add(withoutSource * answerPpm, equal);
  return { rows, named, withoutSource };
}

/** Sums of rows by contributor. */
export function payAccounts(payout: Payout, rows: readonly AttackRow[]): Map<string, number> {
  const accounts = new Map<string, number>();
  for (const { id, contributor } of rows) {
    accounts.set(contributor, (accounts.get(contributor) ?? 0) + (payout.rows.get(id) ?? 0));
  }
  return accounts;
}

/** The money of one answer, in the unit of `Payout`. */
export const answerPpm = Number(PPM);

/** Rows of the sandbox have no lineage but their contributor, whose part is the whole: owners are joined in afterwards. */
function withOneOwner({ exampleId, score }: { exampleId: string; score: bigint }) {
  return { exampleId, score, lineage: [{ role: 'collect' as const, account: '0x' as const }] };
}
