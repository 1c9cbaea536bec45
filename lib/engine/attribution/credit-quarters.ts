import { methodVersion } from './index-header.ts';

/** Three sigma: what a score must exceed for the answer to have a source, and for a row to have done harm. */
export const evidenceQuarters = 12;

/**
 * Where credit begins in an answer that has a source, in quarters of sigma: one for each doubling of the rows, from 7 (under 256) to
 * 12 (from 4,096 on), so that of pure noise some five to ten rows would earn whatever the size. On specification texts, where influence
 * is spread thin, that brings pay from .75 to .56 of the true shares, and moves nothing where few rows say it all
 * (docs/attribution.md). Indexes before method 6: three sigma.
 */
export function creditQuarters(method: string, rows: number): number {
  if (methodVersion(method) < 6) return evidenceQuarters;
  return Math.min(evidenceQuarters, Math.max(7, 31 - Math.clz32(rows)));
}
