import { PPM, splitByLargestRemainder } from '#lib/kernel/money.ts';
import type { Attribution, ContributorShare, RowShare } from './types.ts';

type ScoredRow = { exampleId: string; contributor: `0x${string}`; score: bigint };

/** Median of integers, lower middle for even counts: integer arithmetic, so every verifier gets the same cut. */
function medianOf(values: bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[(sorted.length - 1) >> 1]!;
}

/**
 * Noise level of one answer's scores: three robust standard deviations, 3 × 1.4826 × median |score − median|, in integers
 * (rounded down). A row without evidence stays below it (reference: share rule "soft threshold per row"). The engine has the
 * same rule for a million rows; this is the one to read and to check it with.
 */
export function noiseCut(scores: bigint[]): bigint {
  if (scores.length === 0) return 0n;
  const median = medianOf(scores);
  const mad = medianOf(scores.map((score) => (score > median ? score - median : median - score)));
  return (mad * 44_478n) / 10_000n;
}

/**
 * From influence scores to shares. Each row's credit is `max(0, score − cut)`; its share is proportional, rounded to ppm by
 * largest remainder with ties by row id; a contributor's share is the sum of its rows' shares. The rule is linear in rows:
 * one author with ten wallets earns what one wallet would. Negative influence earns nothing and is never netted. When no
 * row passes the cut there is no confident source, and every row of the version counts the same.
 *
 * `rows` are the rows above the cut, with or without others; all rows of the version where none is above it.
 *
 * Throws a RangeError for an empty version. Cost: O(n log n) in `rows`.
 */
export function attributeShares(rows: ScoredRow[], cutScore: bigint): Attribution {
  if (rows.length === 0) throw new RangeError('attributeShares: the version has no rows');
  const ordered = [...rows].sort((a, b) => (a.exampleId < b.exampleId ? -1 : a.exampleId > b.exampleId ? 1 : 0));
  const credits = ordered.map((row) => (row.score > cutScore ? row.score - cutScore : 0n));
  const confident = credits.some((credit) => credit > 0n);
  const ppm = splitByLargestRemainder(PPM, confident ? credits : ordered.map(() => 1n));
  const shared: RowShare[] = ordered.map((row, i) => ({ ...row, sharePpm: Number(ppm[i]!) }));
  return {
    confident,
    cutScore,
    rows: confident ? shared.filter((row) => row.score > cutScore) : [],
    shares: sumByContributor(shared),
  };
}

function sumByContributor(rows: RowShare[]): ContributorShare[] {
  const sums = new Map<`0x${string}`, number>();
  for (const row of rows) sums.set(row.contributor, (sums.get(row.contributor) ?? 0) + row.sharePpm);
  return [...sums]
    .filter(([, sharePpm]) => sharePpm > 0)
    .map(([contributor, sharePpm]) => ({ contributor, sharePpm }))
    .sort((a, b) => (a.contributor < b.contributor ? -1 : 1));
}
