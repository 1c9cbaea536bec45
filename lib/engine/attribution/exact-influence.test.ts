import { beforeAll, describe, expect, it } from 'vitest';
import { defaultLoraConfig, loraScale } from '../lora/config.ts';
import { adapterLayout, unpackAdapter } from '../lora/layout.ts';
import { scopedLayout } from '../lora/layout-part.ts';
import { referenceLogits, referenceLoss } from '../nn/test-support/reference-llama.ts';
import { tinyBatch, tinyConfig, tinyTheta } from '../nn/test-support/tiny-llama.ts';
import { linearModules, weightViews } from '../nn/weights.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { createStepEngine } from '../train/create-step-engine.ts';
import { createNormal } from '../train/random.ts';
import { createBasisSketch, fitBases, type GradientBasis } from './gradient-bases.ts';
import { quantise } from './quantise.ts';
import { allocateShards, bytesOf, rowStride } from './row-shard.ts';
import { scanRows } from './scan.ts';
import { sketchGradient } from './sketch.ts';
import { referenceInfluence } from './test-support/reference-influence.ts';
import { fitWhitening, whiten } from './whitening.ts';
import { writeRow } from './write-index.ts';

/**
 * The formula from the losses on, twice: gradients by central differences of the float64 Llama, the damped Fisher solved by
 * elimination; and the engine's gradients in float32, its whitening, and its codes and integer scan.
 */
const [count, time] = [9, 8];
const planted = 4;
const reach = 0.2;
const lora = { ...defaultLoraConfig, r: 2, loraAlpha: 4 };
const layout = adapterLayout(tinyConfig, lora);
const weights = weightViews(tinyConfig, tinyTheta(tinyConfig, 'base'));
const normal = createNormal('adapter');
const theta = Float32Array.from({ length: layout.length }, () => 0.3 * normal());
const scope = { firstLayer: 0, modules: linearModules };
const entriesOfB = layout.entries.filter(({ part }) => part === 'B');
const batch = tinyBatch(tinyConfig, count, time, 'rows');
const answerStart = (row: number): number => (row === count - 1 ? 4 : 3);
const feeds = {
  ...batch,
  lossWeights: Float32Array.from(batch.lossWeights, (_, i) => (i % time < answerStart(Math.floor(i / time)) ? 0 : 1)),
};

// The last sequence is the query: the planted row's, of which the answer begins one token later.
const own = (array: Int32Array, row: number): Int32Array => array.subarray(row * time, (row + 1) * time);
own(feeds.ids, count - 1).set(own(feeds.ids, planted));
own(feeds.labels, count - 1).set(own(feeds.labels, planted));

function lossInFloat64(row: number, adapter: Float32Array): number {
  const tensors = unpackAdapter(layout, adapter);
  const delta = (path: string) => ({
    a: tensors[`base_model.model.${path}.lora_A.weight`]!.data,
    b: tensors[`base_model.model.${path}.lora_B.weight`]!.data,
    ...{ rank: lora.r, scale: loraScale(lora) },
  });
  const logits = referenceLogits(tinyConfig, weights, own(feeds.ids, row), delta);
  const losses = logits.map((values, t) => referenceLoss(values, own(feeds.labels, row)[t]!));
  return losses.slice(answerStart(row)).reduce((sum, loss) => sum + loss, 0);
}

/** d loss / d B in layout order; the step's error is some 1e-6 of it. */
function gradientInFloat64(row: number): number[] {
  return entriesOfB.flatMap(({ offset, length }) =>
    Array.from({ length }, (_, i) => {
      const [up, down] = [theta.slice(), theta.slice()];
      up[offset + i]! += 1e-3;
      down[offset + i]! -= 1e-3;
      return (lossInFloat64(row, up) - lossInFloat64(row, down)) / (up[offset + i]! - down[offset + i]!);
    }),
  );
}

async function gradientsOfEngine(): Promise<Float32Array[]> {
  const sessions = new SessionCache(4, { threads: 1 });
  const engine = createStepEngine({ base: { config: tinyConfig, weights, sha256: 'tiny' }, layout, sessions });
  const { gradients } = await engine.topGradients(theta, { batch: count, time, feeds }, scope);
  await sessions.release();
  const length = gradients.length / count;
  return Array.from({ length: count }, (_, row) => gradients.slice(row * length, (row + 1) * length));
}

type Layers = readonly { offset: number; size: number }[];

type Scores = { float: number[]; integer: number[]; bounds: number[] };

/**
 * The rows' scores on the query as the engine computes them: in float64 from whitened features, and as integers from codes;
 * and sqrt(score of the row on itself x score of the query on itself), which bounds them.
 */
function scoresOfEngine(features: readonly Float32Array[], layers: Layers): Scores {
  const dims = features[0]!.length;
  const rows = features.slice(0, -1);
  const flat = Float32Array.from(rows.flatMap((row) => [...row]));
  const vectors = features.map(() => new Float64Array(dims));
  for (const layer of layers) {
    const whitening = fitWhitening(flat, dims, layer, reach);
    for (const [i, z] of features.entries()) whiten(whitening, [z], [vectors[i]!], layer.offset);
  }
  const query = vectors.at(-1)!;
  const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const float = rows.map((_, u) => dot(vectors[u]!, query) / rows.length);
  const bounds = rows.map((_, u) => Math.sqrt(dot(vectors[u]!, vectors[u]!) * dot(query, query)) / rows.length);
  const shards = allocateShards(rows.length, dims);
  const stride = rowStride(dims);
  for (const u of rows.keys()) writeRow(bytesOf(shards[0]!, stride), u * stride, stride, quantise(vectors[u]!));
  const [scores] = scanRows({ shards, count: rows.length, dims }, [quantise(query)]);
  return { float, integer: Array.from(scores!, (score) => Number(score) / 2 ** 32), bounds };
}

/** U^T G of each module, in float64. */
function projected(gradient: readonly number[], bases: readonly GradientBasis[]): number[] {
  let start = 0;
  return entriesOfB.flatMap(({ shape: [outputs, rank], length }, at) => {
    const { columns, output } = bases[at]!;
    const part = gradient.slice(start, start + length);
    start += length;
    return Array.from({ length: columns * rank }, (_, place) => {
      const [k, i] = [Math.floor(place / rank), place % rank];
      let sum = 0;
      for (let row = 0; row < outputs; row++) sum += output![row * columns + k]! * part[row * rank + i]!;
      return sum;
    });
  });
}

function expectScores({ float, integer, bounds }: Scores, expected: readonly number[]): void {
  for (const [found, part] of [
    [float, 3e-3],
    [integer, 1e-2],
  ] as const) {
    for (const [u, score] of found.entries()) expect(Math.abs(score - expected[u]!)).toBeLessThan(part * bounds[u]!);
    expect(found.indexOf(Math.max(...found))).toBe(planted);
  }
}

describe('influence against double precision from the loss on: float path within 0.3 %, int8 within 1 %', () => {
  const exact = Array.from({ length: count }, (_, row) => gradientInFloat64(row));
  let gradients: Awaited<ReturnType<typeof gradientsOfEngine>>;
  beforeAll(async () => {
    gradients = await gradientsOfEngine();
  }, 30_000);

  it('unprojected, with the planted row first', () => {
    const size = exact[0]!.length / tinyConfig.num_hidden_layers;
    const layers = [0, 1].map((layer) => ({ offset: layer * size, size }));
    const expected = referenceInfluence(exact.slice(0, -1), exact.at(-1)!, layers, { reach });
    expectScores(scoresOfEngine(gradients, layers), expected);
  });

  it('projected to 24 columns a layer, with the planted row first', () => {
    const own = scopedLayout(layout, scope);
    const bases = fitBases(own, gradients.slice(0, -1), { columns: 24, rankWidth: lora.r }, 'seed');
    const sketch = createBasisSketch(own, lora.r, bases);
    const rows = exact.map((gradient) => projected(gradient, bases));
    const expected = referenceInfluence(rows.slice(0, -1), rows.at(-1)!, sketch.layers, { reach });
    const features = gradients.map((gradient) => sketchGradient(sketch, gradient));
    expectScores(scoresOfEngine(features, sketch.layers), expected);
  });
});
