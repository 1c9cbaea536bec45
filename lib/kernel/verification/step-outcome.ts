/**
 * One step of recomputing a receipt. differs: what the receipt says is not what comes out, `detail` has both · skipped: what the
 * step needs is not at hand, `detail` says what it is and how to get it.
 */
export type StepOutcome = {
  /** Stable, for programs; `name` is for people. */
  id: string;
  name: string;
  state: 'ok' | 'differs' | 'skipped';
  detail: string;
};

/** The first step whose result is not what the receipt says; null when every step that could be done came out the same. */
export function firstDifference(outcomes: readonly StepOutcome[]): StepOutcome | null {
  return outcomes.find(({ state }) => state === 'differs') ?? null;
}
