/** At most so many versions in a mix. */
export const mixPartsMax = 8;
/** A pass reads the rows of a part a tenth of a time to ten times. */
export const tenthsRange = { least: 1, most: 100, once: 10 } as const;

/** Rows of a part that one pass reads: a whole number, the same in every pass, at least one. */
export function rowsReadOnce(rows: number, tenths: number): number {
  return Math.max(1, Math.round((rows * tenths) / tenthsRange.once));
}
