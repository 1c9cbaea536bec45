import { methodVersion } from './index-header.ts';

/** Three sigma: what a score must exceed for the answer to have a source, and for a row to have done harm. */
export const evidenceQuarters = 12;

/**
 * Where credit begins in an answer that has a source, in quarters of sigma: one for each doubling of the rows, from 4 (under 256) to
 * 12 (from 32,768 on), so that of scores that are all noise the part that would earn stays the same whatever the size. Sigma is taken of
 * all rows and is mostly what they really did; most spam scores .7 of it. On specification texts, where influence is spread thin,
 * beginning at one sigma brings pay from .54 to .44 of the true shares for .1 % more of the money to a twelfth of spam, and moves
 * nothing where few rows say it all (ADR 0020). Methods 6 to 8 began at 7, which is 1.75 sigma, and reached 12 at 4,096 rows;
 * earlier ones at three sigma.
 */
export function creditQuarters(method: string, rows: number): number {
  const version = methodVersion(method);
  const doublings = 31 - Math.clz32(rows);
  if (version < 6) return evidenceQuarters;
  return Math.min(evidenceQuarters, version < 9 ? Math.max(7, doublings) : Math.max(4, doublings - 3));
}
