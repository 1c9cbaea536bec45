import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { PPM, splitByLargestRemainder } from '#lib/kernel/money.ts';
import type { StandingShare } from '#lib/kernel/standing-shares.ts';
import type { SandboxAnswer } from './attack-engine.ts';
import type { AttackRules } from './attack-rules.ts';
import type { AttackRow } from './types.ts';

/** What rows get for a list of answers, in millionths of the data's part of one answer's fee. */
export type Payout = {
  rows: Map<string, number>;
  /** Rows above the cut of at least one answer. */
  named: Set<string>;
  commonPpm: number;
};

/**
 * Pays answers of equal fee as receipts and a reward period would: by name what stands out of the noise, and the rest as the
 * model's common pool, by its standing shares or, where it has none, by equal share of the rows trained on. The integers of the
 * product: rows by `attributeShares`, the pool by largest remainder in the order of row ids. Sums to 1,000,000 an answer.
 *
 * @param trained ids of the rows trained on
 */
export function payAnswers(
  answers: readonly SandboxAnswer[],
  trained: readonly string[],
  standing: readonly StandingShare[] | null,
  { hasCut, alphaPpm }: Pick<AttackRules, 'hasCut' | 'alphaPpm'>,
): Payout {
  const rows = new Map<string, number>(trained.map((id) => [id, 0]));
  const named = new Set<string>();
  let commonPpm = 0;
  for (const { scores, cutScore, sigma, positiveSum } of answers) {
    const facts = { alphaPpm, cutScore: hasCut ? cutScore : 0n, sigma, positiveSum };
    const shares = attributeShares(scores.map(withOneOwner), facts);
    commonPpm += shares.commonPpm;
    for (const { exampleId, sharePpm } of shares.rows) {
      rows.set(exampleId, (rows.get(exampleId) ?? 0) + sharePpm);
      if (sharePpm > 0) named.add(exampleId);
    }
  }
  const weights = standing ?? trained.map((exampleId) => ({ exampleId, ppm: 1 }));
  const ordered = [...weights].sort((a, b) => (a.exampleId < b.exampleId ? -1 : 1));
  const parts = splitByLargestRemainder(
    BigInt(commonPpm),
    ordered.map(({ ppm }) => BigInt(ppm)),
  );
  for (const [i, { exampleId }] of ordered.entries()) rows.set(exampleId, rows.get(exampleId)! + Number(parts[i]!));
  return { rows, named, commonPpm };
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
