import type { AdapterPlan } from './adapter-plan.ts';
import { type Batch, toMicroBatch } from './batches.ts';
import type { StepEngine } from './step-engine.ts';
import type { TrainEvent } from './train-events.ts';

type GradientEvent = Extract<TrainEvent, { type: 'gradient' }>;

/** Steps from one measurement to the next: it costs about what a step costs. */
const measuredEvery = 10;

/**
 * Measures in every tenth step, from the first on, how much the step's rows pull at the adapter's B matrices, by where the rows are from: the
 * norm of each row's gradient, before clipping, added up. Null for rows of one source, and for private runs, which do not tell what rows do.
 * Computed apart from the step, so that it changes no bit of the training.
 */
export function gradientMeter(plan: AdapterPlan, engine: StepEngine) {
  const { examples } = plan.train;
  const sources = new Set(examples.map(({ part }) => part));
  if (sources.size < 2 || plan.noiseSecret !== null || plan.recipe.packing) return null;
  return async (step: number, theta: Float32Array, batches: readonly Batch[]): Promise<GradientEvent | null> => {
    if (step % measuredEvery !== 1) return null;
    const sums = new Map<string, { rows: number; norm: number }>();
    for (const batch of batches) {
      const feeds = toMicroBatch(examples, batch, plan.recipe.batchSize, 1 / plan.tokenBudget);
      const { gradients } = await engine.exampleGradients(theta, feeds, 'B');
      const length = gradients.length / feeds.batch;
      for (const [line, row] of batch.rows.entries()) {
        const part = examples[row]!.part ?? '';
        const { rows, norm } = sums.get(part) ?? { rows: 0, norm: 0 };
        const own = normOf(gradients.subarray(line * length, (line + 1) * length));
        sums.set(part, { rows: rows + 1, norm: norm + own });
      }
    }
    return { type: 'gradient', step, parts: [...sums].map(([part, sum]) => ({ part, ...sum })) };
  };
}

function normOf(values: Float32Array): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += values[i]! * values[i]!;
  return Math.sqrt(squares);
}
