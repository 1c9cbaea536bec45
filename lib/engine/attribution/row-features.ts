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

const batchSize = 8;

/**
 * Projected gradients of the rows `which`, batched by length, hence not in order: features[i] is that of rows[i].
 * @throws AttributionStoppedError within a batch of a stop
 */
export async function* rowFeatures(
  { model, sessions, sketch, examples, onRows, isStopped }: RowFeaturesInput,
  which: ArrayLike<number>,
): AsyncGenerator<{ rows: number[]; features: Float32Array[] }> {
  const chosen = Array.from(which, (row) => examples[row]!);
  const lengths = chosen.map(({ ids }) => ids.length);
  for (const batch of plainBatches(lengths, batchSize, model.base.config.max_position_embeddings)) {
    const { gradients } = await exampleGradients(model, sessions, chosen, batch, batchSize);
    const features = batch.rows.map((_, i) => sketchGradient(sketch, gradients[i]!));
    yield { rows: batch.rows.map((at) => which[at]!), features };
    onRows(batch.rows.length);
    await setImmediate(); // lets a stop message in
    if (isStopped()) throw new AttributionStoppedError(`Stopped after a batch of rows.`);
  }
}
