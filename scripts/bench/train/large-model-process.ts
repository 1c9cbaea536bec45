import { defaultLoraConfig } from '#lib/engine/lora/config.ts';
import { adapterLayout } from '#lib/engine/lora/layout.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { AdapterStepper } from '#lib/engine/train/adapter-step.ts';
import { createStepEngine } from '#lib/engine/train/create-step-engine.ts';
import { blockBackwardGraph, blockForwardGraph, keptInputs } from '#lib/engine/train/layer-wise/block-graphs.ts';
import { headGraph, headTokens } from '#lib/engine/train/layer-wise/head-graphs.ts';
import { planActivations } from '#lib/engine/train/layer-wise/plan-activations.ts';
import { OptimizerState } from '#lib/engine/train/optimizer-state.ts';
import { recipeOptimizer, recipePresets } from '#lib/engine/train/recipe.ts';
import { createMatmul, matmulFlops } from '../matmul-rate.ts';
import { interleave } from '../measure.ts';
import { peakMemoryBytes } from '../peak-memory.ts';
import { largeConfig as config, fullBatch, randomArray, randomWeights } from './shapes.ts';

/** What the process prints, as one JSON line. */
export type LargeModelResult = {
  flops: number;
  stepSeconds: number;
  matmulSeconds: number;
  tokens: number;
  maxRssBytes: number;
};

// A process of its own, so that its peak of resident memory is that of one training and of nothing else.
const [rounds, threads] = process.argv.slice(2).map(Number) as [number, number];
const [rows, time] = [1, 256];
const layout = adapterLayout(config, defaultLoraConfig);
const sessions = new SessionCache(8, { threads });
const engine = createStepEngine({
  base: { config, weights: randomWeights(config), sha256: 'random' },
  layout,
  sessions,
});
const state = new OptimizerState(randomArray(layout.length, 2, 0.02));
const stepper = new AdapterStepper(engine, layout.length, recipeOptimizer(recipePresets.balanced), sessions);
const batch = fullBatch(config, rows, time);
const matmul = await createMatmul(threads);
const { step, product } = await interleave(
  {
    product: async () => {
      for (let i = 0; i < 16; i++) await matmul.run();
    },
    step: () => stepper.step(state, [batch], { step: 1, learningRate: 1e-4 }),
  },
  rounds,
);
const result: LargeModelResult = {
  flops: stepFlops(),
  stepSeconds: step.cpuSeconds,
  matmulSeconds: product.cpuSeconds / 16,
  tokens: rows * time,
  maxRssBytes: peakMemoryBytes(),
};
console.log(JSON.stringify({ ...result, matmulFlops }));

/** Of the matrix products, forward and backward once: a forward pass that is computed again would not count. */
function stepFlops(): number {
  const { keepsProducts } = planActivations(config, layout, time);
  const input = { config, layout, shape: { batch: rows, time }, form: {} };
  const backward = blockBackwardGraph(input, 'summed', keepsProducts);
  const blocks = blockForwardGraph(input, [...keptInputs(backward).keys()]).productFlops;
  const repeated = keepsProducts ? 0 : blocks;
  const head = headGraph(config, headTokens(config), true).productFlops * Math.ceil((rows * time) / headTokens(config));
  return config.num_hidden_layers * (blocks + backward.productFlops - repeated) + head;
}
