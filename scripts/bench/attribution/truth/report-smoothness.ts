import { bounds } from '#lib/audits/rules.ts';
import { smoothnessStep } from '#lib/engine/attribution/certificate/measure-bounds.ts';
import { metasmoothness } from '#lib/engine/attribution/certificate/smoothness.ts';
import { randomSigns } from '#lib/engine/attribution/certificate/subsets.ts';
import type { BenchContext } from '../../main.ts';
import type { Truth } from './measure-truth.ts';
import { withoutRows } from './subsets.ts';
import type { TruthPool } from './truth-pool.ts';

/**
 * Whether the trainings are such that the product would certify them at all: metasmoothness of each seed's model on its own
 * answers, measured as a certificate does, with the gate that a certificate has. What methods reach on others is no claim.
 */
export async function reportSmoothness(context: BenchContext, prefix: string, truth: Truth, pool: TruthPool) {
  for (const { seed, answers, effects } of truth.seeds) {
    const kept = withoutRows(truth.rowHalves[0]!.length, []);
    const signs = randomSigns(kept.length, String(seed));
    const trainings = [1, 2].map((steps) => ({
      ...{ seed, kept },
      weights: Array.from(signs, (sign) => 1 + steps * smoothnessStep * sign),
    }));
    const [next, last] = await pool.evaluate(trainings, answers);
    context.emit({
      case: `${prefix}smooth in its rows' weights, seed ${seed}`,
      value: metasmoothness([[...effects[seed]!.full], [...next!], [...last!]]),
      unit: 'metasmoothness',
      target: { atLeast: bounds.smoothness },
    });
  }
}
