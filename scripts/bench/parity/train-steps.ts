import type { LoadedAdapter } from '#lib/engine/io/peft.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { AdapterStepper } from '#lib/engine/train/adapter-step.ts';
import type { BaseModel } from '#lib/engine/train/base-model.ts';
import type { MicroBatch } from '#lib/engine/train/batches.ts';
import { MonolithicEngine } from '#lib/engine/train/monolithic-engine.ts';
import { OptimizerState } from '#lib/engine/train/optimizer-state.ts';

/** The optimiser of `peft-reference.py`: torch.optim.AdamW after clip_grad_norm_. */
const optimizer = {
  beta1: 0.9,
  beta2: 0.999,
  epsilonPlace: 'outside',
  epsilon: 1e-8,
  weightDecay: 0.01,
  maxGradNorm: 1,
} as const;

/**
 * LoRA steps of our engine from a given adapter: one a batch, on the mean next-token loss.
 *
 * @param batches [steps][rows][width + 1] ids
 */
export async function trainSteps(
  base: BaseModel,
  { layout, theta }: LoadedAdapter,
  batches: readonly (readonly (readonly number[])[])[],
  options: { learningRate: number; threads: number },
): Promise<{ losses: number[]; theta: Float32Array }> {
  const sessions = new SessionCache(4, { threads: options.threads });
  const engine = new MonolithicEngine({ base, layout, sessions });
  const stepper = new AdapterStepper(engine, layout.length, optimizer, sessions);
  const state = new OptimizerState(theta.slice()); // it writes into what it is given
  const losses: number[] = [];
  for (const [i, rows] of batches.entries()) {
    const time = { step: i + 1, learningRate: options.learningRate };
    losses.push((await stepper.step(state, [microBatch(rows)], time)).loss);
  }
  return { losses, theta: state.theta };
}

function microBatch(rows: readonly (readonly number[])[]): MicroBatch {
  const time = rows[0]!.length - 1;
  const size = rows.length * time;
  return {
    batch: rows.length,
    time,
    feeds: {
      ids: Int32Array.from(rows.flatMap((row) => row.slice(0, -1))),
      labels: Int32Array.from(rows.flatMap((row) => row.slice(1))),
      lossWeights: new Float32Array(size).fill(1 / size),
    },
  };
}
