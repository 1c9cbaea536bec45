import { availableParallelism } from 'node:os';
import { Graph } from '../graph/builder.ts';
import { matmul } from '../graph/ops.ts';
import { checkModelDir } from '../io/model-dir.ts';
import { adapterLayout } from '../lora/layout.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { parameterCount } from '../nn/weights.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { layOutSteps } from './adapter-plan.ts';
import type { Batch } from './batches.ts';
import { estimateMemory } from './estimate-memory.ts';
import { prepareExamples, type TrainingExample } from './prepare-examples.ts';
import { checkRecipe, type Recipe } from './recipe.ts';

export type TrainingEstimate = {
  tokens: number;
  steps: number;
  flops: number;
  secondsEstimate: number;
  /** Most bytes that the training process holds at once. */
  memoryBytes: number;
};

/** Share of the matrix-product speed that whole runs reach, measurements included; see docs/engine-log.md. */
const efficiency = 0.65;
/** Loading, compiling the graphs, the evaluations at start and end, and samples, on the shipped base. */
const fixedSeconds = 3;

/**
 * What a fine-tune will cost, without loading the weights. The time is scaled from a matrix product run here and now
 * (some 50 ms), so it holds for this machine under its present load.
 *
 * @throws as `trainAdapter` does for the same input
 */
export async function estimateTraining(input: {
  modelDir: string;
  examples: TrainingExample[];
  recipe: Recipe;
  threads?: number;
}): Promise<TrainingEstimate> {
  const { recipe } = input;
  checkRecipe(recipe);
  const { config, tokenizer } = await checkModelDir(input.modelDir);
  const maxTokens = Math.min(recipe.maxSeqLength, config.max_position_embeddings);
  const options = { maxSeqLength: maxTokens, lossOn: recipe.lossOn };
  const set = prepareExamples(tokenizer, input.examples, options, 'training set');
  // A private run draws as many rows an epoch on average as a plain one takes.
  const { stepsPerEpoch, batchesOf } = layOutSteps(set, recipe, 'estimate', config.max_position_embeddings);
  const batches = Array.from({ length: stepsPerEpoch }, (_, i) => batchesOf(i + 1)).flat();
  const perEpoch = batches.reduce((sum, batch) => sum + batchFlops(config, recipe, batch), 0);
  const flops = perEpoch * recipe.epochs;
  const longest = Math.max(...new Set(batches.map(({ time }) => time)));
  const speed = await matrixSpeed(input.threads ?? availableParallelism());
  return {
    tokens: set.tokens * recipe.epochs,
    steps: stepsPerEpoch * recipe.epochs,
    flops,
    secondsEstimate: fixedSeconds + flops / (speed * efficiency),
    memoryBytes: estimateMemory(config, recipe, longest),
  };
}

/** Forward (2N a token) and the gradient of the activations (2N); frozen weights need none. LoRA's matrices need all 6. */
function batchFlops(config: LlamaConfig, recipe: Recipe, { time }: Batch): number {
  const tokens = recipe.batchSize * time;
  const adapter = adapterLayout(config, recipe.lora).length;
  const attention = 2 * config.num_hidden_layers * time * config.hidden_size;
  return tokens * (4 * parameterCount(config) + 6 * adapter + 6 * attention);
}

/** Floating-point operations a second of a 512^3 product, the best of a few runs. */
async function matrixSpeed(threads: number): Promise<number> {
  const size = 512;
  const graph = new Graph('matrix-speed');
  graph.output('c', matmul(graph.input('a', 'f32', [size, size]), graph.input('b', 'f32', [size, size])));
  const session = await OrtSession.create(graph.build(), { threads });
  const feeds = { a: new Float32Array(size * size).fill(0.5), b: new Float32Array(size * size).fill(0.25) };
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 6; i++) {
    const start = performance.now();
    await session.run(feeds);
    best = Math.min(best, performance.now() - start);
  }
  await session.release();
  return (2 * size ** 3) / (best / 1000);
}
