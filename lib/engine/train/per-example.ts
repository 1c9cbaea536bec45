import type { AdapterLayout } from '../lora/layout.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import type { BaseModel } from './base-model.ts';
import { plainBatches, toMicroBatch } from './batches.ts';
import { createStepEngine } from './create-step-engine.ts';
import { lengthOfB } from './graphs.ts';
import type { PreparedExample } from './prepare-examples.ts';

export type PerExampleInput = {
  base: BaseModel;
  layout: AdapterLayout;
  /** The trained adapter, at which the gradients are taken. */
  theta: Float32Array;
  examples: readonly PreparedExample[];
  parts: 'A+B' | 'B';
  batchSize: number;
  threads: number;
};

export type ExampleGradient = {
  /** Position in `examples`. Rows come grouped by length, not in order. */
  index: number;
  /** d(token-sum loss of the example)/d theta: [P], or [P_B] in layout order. A view that the next batch overwrites. */
  gradient: Float32Array;
  /** Token-sum loss in nats. */
  loss: number;
};

/**
 * One gradient per example at about the cost of one training epoch (engine measurements: +0.4 to 4 % over a step).
 * The sign is that of the loss: the gradient of log p is its negative. Blocks its thread while it computes.
 */
export async function* perExampleGradients(input: PerExampleInput): AsyncGenerator<ExampleGradient> {
  const { base, layout, theta, examples, parts, batchSize } = input;
  const width = parts === 'B' ? lengthOfB(layout) : layout.length;
  const lengths = examples.map(({ ids }) => ids.length);
  const sessions = new SessionCache(8, input);
  const engine = createStepEngine({ base, layout, sessions });
  for (const batch of plainBatches(lengths, batchSize, base.config.max_position_embeddings)) {
    const microBatch = toMicroBatch(examples, batch, batchSize, 1);
    const { gradients, losses } = await engine.exampleGradients(theta, microBatch, parts);
    for (const [slot, index] of batch.rows.entries()) {
      const own = losses.subarray(slot * batch.time, (slot + 1) * batch.time);
      const gradient = gradients.subarray(slot * width, (slot + 1) * width);
      yield { index, gradient, loss: own.reduce((sum, loss) => sum + loss, 0) };
    }
  }
  await sessions.release();
}
