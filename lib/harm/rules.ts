import { countChangedWords } from '#lib/kernel/diff-words.ts';

/** Fewer answers say little about anybody; more only cost time. */
export const probesMin = 64;
export const probesMax = 128;
/** Among fewer people a median and its deviation mean nothing. */
export const contributorsMin = 8;
/** A contributor's rows below the median by this many deviations are low. */
const deviationsMax = 4n;
/** Answers that differ in more than this part of their words say different things. */
const sameAnswerMax = 0.1;

export type NetEffect = { net: bigint };
export type Spread = { median: bigint; mad: bigint };

/** Middle of integers, the lower one of two. */
function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[(sorted.length - 1) >> 1] ?? 0n;
}

/** Median of the contributors' nets and their median absolute deviation. */
export function spreadOf(nets: readonly NetEffect[]): Spread {
  const median = medianOf(nets.map(({ net }) => net));
  const mad = medianOf(nets.map(({ net }) => (net > median ? net - median : median - net)));
  return { median, mad };
}

/**
 * Whether a contributor's net effect on other people's probes is far below the others': median - 4 deviations (reference:
 * share rule, harm). Honest contributors fall below zero now and then, so one measurement proves nothing: it takes two
 * running, and then it is a question to a curator, never a penalty. Somebody who spreads harm over many wallets keeps each of
 * them above this line; against that stand the flags of single rows.
 */
export function isLow({ net }: NetEffect, { median, mad }: Spread): boolean {
  return mad > 0n && net < median - deviationsMax * mad;
}

/**
 * The answers that rows are held against: held-out rows first, which nothing was trained on; if they are too few, trained rows
 * by the order of their hashes, up to `probesMin`. Empty when all together are too few.
 */
export function chooseProbes<T>(heldOut: readonly T[], trained: readonly T[]): T[] {
  const probes = heldOut.slice(0, probesMax);
  if (probes.length < probesMin) probes.push(...trained.slice(0, probesMin - probes.length));
  return probes.length < probesMin ? [] : probes;
}

export type QuestionedRow = { id: string; group: number; question: string; answer: string };
export type Contradiction = { id: string; olderId: string };

/**
 * Rows that answer an older row's question differently, of somebody else, by their words: each with the oldest such row. Common
 * in honest data too (two right answers), so it takes a second sign to make a flag of it: of all trained answers that the row
 * was held against it lowers this one most, or its gradient stayed above `usualNorms`. Planted mistakes (3 worlds of 320 rows,
 * two trainings each): 104 of 106 that ask in the older row's words, and 4 of 1,732 honest rows; a gradient norm alone, which
 * the reference
 * recommends, cannot tell them (AUC .52). Held-out answers are no yardstick: what was not learnt has larger gradients. A question in
 * other words escapes.
 *
 * @param rows in the order of contribution
 */
export function findContradictions(rows: readonly QuestionedRow[]): Contradiction[] {
  const olderOf = new Map<string, QuestionedRow[]>();
  return rows.flatMap((row) => {
    const question = row.question.normalize('NFKC').toLowerCase().replace(notWords, ' ').trim();
    if (question === '') return [];
    const older = olderOf.get(question) ?? [];
    if (older.length === 0) olderOf.set(question, older);
    const contradicted = older.find(({ group, answer }) => group !== row.group && isOtherAnswer(answer, row.answer));
    older.push(row);
    return contradicted ? [{ id: row.id, olderId: contradicted.id }] : [];
  });
}

const notWords = /[^\p{L}\p{M}\p{N}\p{S}]+/gu;

/** A gradient norm this many robust standard deviations above the middle is that of a row which the training could not fit. */
const normSigmas = 3;

/**
 * The middle gradient norm, and the most that a fitted row has: 3 MAD-sigma above it (a percentile, as in the reference, finds
 * at most its own part of a flood). It finds gibberish, which influence on other answers misses; of 8 planted rows of it, all.
 */
export function usualNorms(norms: readonly number[]): { middle: number; most: number } {
  const middleOf = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const middle = middleOf(norms);
  return { middle, most: middle + normSigmas * 1.4826 * middleOf(norms.map((norm) => Math.abs(norm - middle))) };
}

function isOtherAnswer(before: string, after: string): boolean {
  const { changed, words } = countChangedWords(before, after);
  return changed > sameAnswerMax * words;
}
