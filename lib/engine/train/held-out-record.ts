import type { OptimizerState } from './optimizer-state.ts';
import type { Recipe } from './recipe.ts';

/** theta, m and v of one step. */
export type StateArrays = Pick<OptimizerState, 'theta' | 'm' | 'v'>;

/** What the evaluations so far decide: plain data, so that a checkpoint holds it and a resumed run decides alike. */
export type HeldOutRecord = {
  /** Step of the newest evaluation that was counted. */
  step: number;
  /** The loss from which the next gain is measured. */
  reference: number;
  evaluationsWithoutGain: number;
  /** With `keepBest`: the evaluated step with the least loss. */
  best: { step: number; loss: number; state: StateArrays } | null;
};

/** Before the first step: a gain is one over the base. */
export function newHeldOutRecord(baseLoss: number): HeldOutRecord {
  return { step: 0, reference: baseLoss, evaluationsWithoutGain: 0, best: null };
}

/** The record after an evaluation. Copies the state where it is the best one. */
export function observeLoss(
  record: HeldOutRecord,
  recipe: Pick<Recipe, 'earlyStopMinGain' | 'keepBest'>,
  { step, loss, state }: { step: number; loss: number; state: StateArrays },
): HeldOutRecord {
  const isGain = loss < record.reference - recipe.earlyStopMinGain;
  const isBest = recipe.keepBest && (record.best === null || loss < record.best.loss);
  return {
    step,
    reference: isGain ? loss : record.reference,
    evaluationsWithoutGain: isGain ? 0 : record.evaluationsWithoutGain + 1,
    best: isBest ? { step, loss, state: copyState(state) } : record.best,
  };
}

/** Whether the run ends here although steps are left. */
export function isOver(record: HeldOutRecord, { earlyStopPatience }: Pick<Recipe, 'earlyStopPatience'>): boolean {
  return earlyStopPatience > 0 && record.evaluationsWithoutGain >= earlyStopPatience;
}

function copyState({ theta, m, v }: StateArrays): StateArrays {
  return { theta: theta.slice(), m: m.slice(), v: v.slice() };
}
