import { PPM, splitByLargestRemainder } from './money.ts';
import { type LineageAct, type RoleShare, roleShares } from './role-shares.ts';

/** A row above the noise cut, with its people. `score` is its influence in the engine's unit, nats x 2^32. */
export type ScoredRow = { exampleId: string; score: bigint; lineage: readonly LineageAct[] };
/** A row that the model read for the answer, with what the Shapley rule gives it of the whole. */
export type RetrievedRow = { exampleId: string; sharePpm: number; lineage: readonly LineageAct[] };
/** What one answer's scores say together; integers in the unit of the scores. */
export type ScoreFacts = {
  /** Lower bound of the adapter's certificate, 0 without a valid one: then nobody is paid by estimated influence. */
  alphaPpm: number;
  cutScore: bigint;
  sigma: bigint;
  /** Sum of max(0, score) over all rows of the index. */
  positiveSum: bigint;
};

export type AttributedRow = { exampleId: string; score: bigint; sharePpm: number; roles: RoleShare[] };
/** `sigmas`: the largest score / sigma among the account's rows, thousandths; 0 for rows that were only read. */
export type AccountShare = { account: `0x${string}`; sharePpm: number; sigmas: number };
/** Sum of `shares` + `commonPpm` = 1,000,000 exactly. `rows` by id, also those rounded to 0 ppm. */
export type AttributedShares = {
  explainedPpm: number;
  rows: AttributedRow[];
  retrieved: { exampleId: string; sharePpm: number; roles: RoleShare[] }[];
  shares: AccountShare[];
  commonPpm: number;
};

/**
 * From scores to shares (reference: attribution.md §3.5). A row's credit is `max(0, score − cut)`. What is paid by name is
 *
 *   explainedPpm = floor(alpha × (sum of credits / sum of positive scores) × what retrieved rows left)
 *
 * how far the adapter's attribution was found right, times the part of the positive influence that stands out of the noise.
 * It is divided over rows in proportion to credit, then over each row's roles; all else is the common pool's (lib/rewards).
 *
 * Linear in rows: no floor, cap, bonus or temperature anywhere above a row, so one author with ten wallets is paid what one
 * wallet would be, to the ppm. Negative influence earns nothing and is netted against nothing. Integers only; remainders go
 * by row id, which knows neither owners nor the order of the input. Server, browser and `npm run verify` run this function.
 *
 * Throws a RangeError for facts that contradict each other: what is above the cut cannot exceed what is above zero.
 * Cost: O(n log n) in `rows`.
 */
export function attributeShares(
  rows: readonly ScoredRow[],
  facts: ScoreFacts,
  retrievedRows: readonly RetrievedRow[] = [],
): AttributedShares {
  const retrieved = retrievedRows.map(({ exampleId, sharePpm, lineage }) => ({
    ...{ exampleId, sharePpm },
    roles: roleShares(sharePpm, lineage),
  }));
  const leftPpm = PPM - BigInt(retrieved.reduce((sum, row) => sum + row.sharePpm, 0));
  const counted = rows.filter((row) => row.score > facts.cutScore).sort((a, b) => (a.exampleId < b.exampleId ? -1 : 1));
  const credits = counted.map((row) => row.score - facts.cutScore);
  const explainedPpm = explainedPart(credits, facts, leftPpm);
  const ppm = splitByLargestRemainder(explainedPpm, explainedPpm === 0n ? credits.map(() => 0n) : credits);
  const attributed = counted.map(({ exampleId, score, lineage }, i) => {
    const sharePpm = Number(ppm[i]!);
    return { exampleId, score, sharePpm, roles: roleShares(sharePpm, lineage) };
  });
  const shares = sumByAccount(attributed, retrieved, facts.sigma);
  const namedPpm = shares.reduce((sum, share) => sum + share.sharePpm, 0);
  return { explainedPpm: Number(explainedPpm), rows: attributed, retrieved, shares, commonPpm: Number(PPM) - namedPpm };
}

function explainedPart(credits: readonly bigint[], facts: ScoreFacts, leftPpm: bigint): bigint {
  const { alphaPpm, cutScore, positiveSum } = facts;
  const sum = credits.reduce((a, b) => a + b, 0n);
  if (alphaPpm < 0 || BigInt(alphaPpm) > PPM) throw new RangeError('attributeShares: alpha lies between 0 and 1');
  if (cutScore < 0n) throw new RangeError('attributeShares: the cut is negative');
  if (leftPpm < 0n) throw new RangeError('attributeShares: retrieved rows have more than everything');
  if (sum > positiveSum) throw new RangeError('attributeShares: more credit than positive influence');
  return sum === 0n ? 0n : (BigInt(alphaPpm) * sum * leftPpm) / (positiveSum * PPM);
}

type Divided = { score?: bigint; roles: readonly RoleShare[] };

function sumByAccount(rows: readonly Divided[], retrieved: readonly Divided[], sigma: bigint): AccountShare[] {
  const sums = new Map<`0x${string}`, AccountShare>();
  for (const { score, roles } of [...rows, ...retrieved]) {
    const sigmas = score === undefined ? 0 : sigmasOf(score, sigma);
    for (const { account, sharePpm } of roles) {
      const sum = sums.get(account) ?? { account, sharePpm: 0, sigmas: 0 };
      sums.set(account, {
        account,
        sharePpm: sum.sharePpm + sharePpm,
        sigmas: sharePpm > 0 ? Math.max(sum.sigmas, sigmas) : sum.sigmas,
      });
    }
  }
  return [...sums.values()].filter(({ sharePpm }) => sharePpm > 0).sort((a, b) => (a.account < b.account ? -1 : 1));
}

/** Where all scores are the same there is no noise to compare with; no real answer comes near the bound. */
const mostSigmas = 1_000_000n;

/** How far a score stands out of the answer's noise, thousandths of sigma, at most 1,000 sigma. */
export function sigmasOf(score: bigint, sigma: bigint): number {
  if (score <= 0n) return 0;
  const sigmas = sigma === 0n ? mostSigmas : (score * 1_000n) / sigma;
  return Number(sigmas < mostSigmas ? sigmas : mostSigmas);
}
