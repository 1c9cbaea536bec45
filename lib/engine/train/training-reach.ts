import { adamCorrections } from '../optim/adamw.ts';
import type { AdapterPlan } from './adapter-plan.ts';
import { learningRateAt } from './adapter-steps.ts';
import { recipeOptimizer } from './recipe.ts';

type Run = Pick<AdapterPlan, 'recipe' | 'totalSteps' | 'stepsPerEpoch' | 'rowsPerPass' | 'tokenBudget'>;

/**
 * How far a run went: the sum over its steps of the learning rate x 1 / sqrt(v + epsilon), Adam's scale of a parameter in the
 * mean over all of them, x rows a step / token budget, which is what a step's loss divides the rows' summed losses by.
 *
 * Gradient descent that stops after `reach` has followed a direction in which the rows' empirical Fisher has the eigenvalue s to
 * 1 - exp(-reach s) of the way, so that what a row moved is (1 - exp(-reach s)) / s and not 1 / s (SOURCE, Bae et al. 2024,
 * arXiv 2405.12186, section 4); (s + 1 / reach)^-1 is all but that. So 1 / reach is the damping of an inverse Fisher that
 * stands for this run, in its unit: squared nats a squared parameter.
 *
 * v is the one at the end. Summed over the steps with the v, and the clipping, of each, the figure differed by 0.3 %, 6 % and 11 %
 * (docs/engine-log.md).
 *
 * @param v Adam's second moments after `steps` steps, [P]
 */
export function trainingReach(run: Run, v: Float32Array, steps: number): number {
  const { recipe, rowsPerPass, stepsPerEpoch, tokenBudget } = run;
  const { correction2 } = adamCorrections(recipeOptimizer(recipe), steps);
  const correction = correction2[0]!;
  let rates = 0;
  for (let step = 1; step <= steps; step++) rates += learningRateAt(run, step);
  let scales = 0;
  for (let p = 0; p < v.length; p++) scales += 1 / Math.sqrt(v[p]! * correction + recipe.epsRoot);
  return (rates * (scales / v.length) * (rowsPerPass / stepsPerEpoch)) / tokenBudget;
}
