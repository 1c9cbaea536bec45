import { setImmediate } from 'node:timers/promises';
import type { SessionCache } from '../runtime/session-cache.ts';
import { plainBatches } from '../train/batches.ts';
import type { PreparedExample } from '../train/prepare-examples.ts';
import { AttributionStoppedError } from './errors.ts';
import { type AdaptedModel, exampleGradients } from './gradient-source.ts';
import { type Sketch, sketchGradient } from './sketch.ts';

export type RowFeaturesInput = {
  model: AdaptedModel;
  sessions: SessionCache;
  sketch: Sketch;
  /** All rows of the index. */
  examples: readonly PreparedExample[];
  /** Called with how many rows more are done. */
  onRows: (done: number) => void;
  isStopped: () => boolean;
};

const batchSize = 4;

/**
 * Projected gradients of the rows `which`, batched by length, hence not in order. A row's features are its own array.
 * @throws AttributionStoppedError within a batch of a stop
 */
export async function* rowFeatures(
  { model, sessions, sketch, examples, onRows, isStopped }: RowFeaturesInput,
  which: ArrayLike<number>,
): AsyncGenerator<{ row: number; features: Float32Array }> {
  const chosen = Array.from(which, (row) => examples[row]!);
  const lengths = chosen.map(({ ids }) => ids.length);
  for (const batch of plainBatches(lengths, batchSize, model.base.config.max_position_embeddings)) {
    const { gradients } = await exampleGradients(model, sessions, chosen, batch, batchSize);
    for (const [i, at] of batch.rows.entries()) {
      yield { row: which[at]!, features: sketchGradient(sketch, gradients[i]!) };
    }
    onRows(batch.rows.length);
    await setImmediate(); // lets a stop message in
    if (isStopped()) throw new AttributionStoppedError(`Stopped after a batch of rows.`);
  }
}
