import type { ScopeOfB } from '../../lora/layout-part.ts';
import { SessionCache } from '../../runtime/session-cache.ts';
import { plainBatches } from '../../train/batches.ts';
import { prepareExamples, type TrainingExample } from '../../train/prepare-examples.ts';
import { type AdaptedModel, attributedLayout, exampleGradients } from '../gradient-source.ts';
import type { IndexHeader } from '../index-header.ts';
import { packIds } from '../packed-ids.ts';
import { quantise } from '../quantise.ts';
import { rowStride } from '../row-shard.ts';
import { createSignSketch } from '../sign-sketch.ts';
import { sketchGradient } from '../sketch.ts';
import { whitenFeatures } from '../whiten-features.ts';
import { fitWhitening } from '../whitening.ts';
import { writeIndex, writeRow } from '../write-index.ts';

/** An index as methods 1 (no scope: all layers) and 2 made it: random signs, and damping by the mean eigenvalue. */
export async function writeSignIndex(
  path: string,
  { base, adapter, adapterSha256 }: AdaptedModel,
  rows: readonly TrainingExample[],
  { method, width, scope }: { method: string; width: number; scope?: ScopeOfB },
): Promise<void> {
  const sessions = new SessionCache(4, { threads: 1 });
  const options = { maxSeqLength: 96, lossOn: 'completion' as const };
  const { examples } = prepareExamples(base.tokenizer, rows, options, 'test set');
  const rankWidth = adapter.layout.lora.r;
  const layout = attributedLayout(adapter.layout, scope ?? 'all');
  const sketch = createSignSketch(layout, 'seed', { width, rankWidth }, scope !== undefined);
  const features: Float32Array[] = [];
  const lengths = examples.map(({ ids }) => ids.length);
  const model = { base, adapter, adapterSha256 };
  for (const batch of plainBatches(lengths, 1, 96)) {
    const { gradients } = await exampleGradients(model, sessions, scope ?? 'all', examples, batch, 1);
    features[batch.rows[0]!] = sketchGradient(sketch, gradients[0]!);
  }
  await sessions.release();
  const { dims, layers } = sketch;
  const flat = Float32Array.from(features.flatMap((row) => [...row]));
  const whitenings = layers.map((layer) => fitWhitening(flat, dims, layer));
  const stride = rowStride(dims);
  const bytes = new Uint8Array(features.length * stride);
  for (const [row, vector] of whitenFeatures(sketch, whitenings, features).entries()) {
    writeRow(bytes, row * stride, stride, quantise(vector));
  }
  const ids = packIds(examples.map(({ id }) => id));
  const header: IndexHeader = {
    ...{ method, baseSha256: base.sha256, adapterSha256, lora: adapter.layout.lora, ...(scope && { scope }) },
    ...{ seed: 'seed', width, rankWidth, dims, layers: whitenings.map(({ size, lambda }) => ({ size, lambda })) },
    ...{ dEff: 1, maxSeqLength: 96, rows: features.length, fisherRows: features.length, idBytes: ids.utf8.length },
  };
  await writeIndex(path, header, { whitenings, bases: null }, ids, [bytes]);
}
