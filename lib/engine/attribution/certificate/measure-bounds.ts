/** Fewer rows than this teach too little each, and fewer answers leave too wide an interval, for any figure to mean something. */
export const rowsMin = 32;
export const answersMin = 16;
/** Prompts that are asked for at most. */
export const promptsMax = 48;
/** Retrainings on halves: under the first the bound is all noise, beyond the second it hardly moves. */
export const subsetsMin = 16;
export const subsetsMax = 48;
/** What a training on half of the rows costs of one on all: batches are padded, measured 0.6 to 0.7 on the shipped base. */
const costOfHalf = 0.7;
/** Step along the direction in which smoothness is measured. */
export const smoothnessStep = 0.05;

/**
 * Retrainings on halves that fit into what is left of the budget.
 * @param fullSeconds CPU of a training on all rows
 * @returns null where not even the fewest fit
 */
export function planSubsets(leftSeconds: number, fullSeconds: number): number | null {
  const affordable = Math.floor(leftSeconds / (fullSeconds * costOfHalf));
  return affordable < subsetsMin ? null : Math.min(subsetsMax, affordable);
}
