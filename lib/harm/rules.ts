import { countChangedWords } from '#lib/kernel/diff-words.ts';

/** Fewer answers say little about anybody; more only cost time. */
export const probesMin = 64;
export const probesMax = 128;
/** Among fewer people a median and its deviation mean nothing. */
export const contributorsMin = 8;
/** A contributor's rows below the median by this many deviations are low. */
const deviationsMax = 4n;
/** A row whose gradient is this many robust standard deviations above the median's was not fitted. */
const normSigmas = 3;
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

export type QuestionedRow = { id: string; question: string; answer: string; gradientNorm: number };
export type Conflict = { id: string; olderId: string; gradientNorm: number; usualNorm: number };

/**
 * Rows that answer an older row's question differently and that the training could not fit: their gradient at its end is more
 * than 3 MAD-sigma above the median (reference: poison by gradient norm, AUC .97; a percentile, as there, would find at most
 * its own part of a flood). Either sign alone is common in honest data. The words of the question decide, so a paraphrased
 * question escapes.
 *
 * @param rows in the order of contribution
 */
export function findConflicts(rows: readonly QuestionedRow[]): Conflict[] {
  const usualNorm = middleOf(rows.map(({ gradientNorm }) => gradientNorm));
  const mad = middleOf(rows.map(({ gradientNorm }) => Math.abs(gradientNorm - usualNorm)));
  const fittedMax = usualNorm + normSigmas * 1.4826 * mad;
  const olderOf = new Map<string, QuestionedRow[]>();
  return rows.flatMap((row) => {
    const question = row.question
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim();
    const older = olderOf.get(question) ?? [];
    if (older.length === 0) olderOf.set(question, older);
    const isFitted = row.gradientNorm <= fittedMax;
    const contradicted =
      question === '' || isFitted ? undefined : older.find(({ answer }) => isOtherAnswer(answer, row.answer));
    older.push(row);
    return contradicted ? [{ id: row.id, olderId: contradicted.id, gradientNorm: row.gradientNorm, usualNorm }] : [];
  });
}

function middleOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function isOtherAnswer(before: string, after: string): boolean {
  const { changed, words } = countChangedWords(before, after);
  return changed > sameAnswerMax * words;
}
