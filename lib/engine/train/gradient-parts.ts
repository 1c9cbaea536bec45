import type { AdapterPlan } from './adapter-plan.ts';
import { plainBatches, toMicroBatch } from './batches.ts';
import { createPermutation } from './random.ts';
import { weightedReads } from './rows-of-pass.ts';
import type { StepEngine } from './step-engine.ts';
import type { TrainEvent } from './train-events.ts';

type GradientEvent = Extract<TrainEvent, { type: 'gradient' }>;

/** Steps from one measurement to the next: it costs about what a step costs. */
const measuredEvery = 10;

/**
 * Measures before every tenth step, from the first on, how much rows pull at the adapter's B matrices, by where they are from: the norm of each
 * row's gradient, before clipping, added up over as many readings as a batch has. They are drawn from all readings of a pass and not the
 * step's own, which are of like length and so often of one source. Null for rows of one source, and for private runs, which do not tell what
 * rows do. Computed apart from the step, so that it changes no bit of the training.
 */
export function gradientMeter(plan: AdapterPlan, engine: StepEngine) {
  const { examples } = plan.train;
  const { batchSize, packing } = plan.recipe;
  const sources = new Set(examples.map(({ part }) => part));
  if (sources.size < 2 || plan.noiseSecret !== null || packing) return null;
  const reads = weightedReads(examples)?.rowsOf(0) ?? [...examples.keys()];
  const order = createPermutation(reads.length, `${plan.owner.fingerprint}|gradient`);
  return async (step: number, theta: Float32Array): Promise<GradientEvent | null> => {
    if (step % measuredEvery !== 1) return null;
    const first = ((step - 1) / measuredEvery) * batchSize;
    const drawn = Array.from({ length: batchSize }, (_, i) => examples[reads[order[(first + i) % order.length]!]!]!);
    const lengths = drawn.map(({ ids }) => ids.length);
    const sums = new Map<string, { rows: number; norm: number }>();
    for (const batch of plainBatches(lengths, batchSize, plan.base.config.max_position_embeddings)) {
      const feeds = toMicroBatch(drawn, batch, batchSize, 1 / plan.tokenBudget);
      const { gradients } = await engine.exampleGradients(theta, feeds, 'B');
      const length = gradients.length / feeds.batch;
      for (const [line, row] of batch.rows.entries()) {
        const part = drawn[row]!.part ?? '';
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
