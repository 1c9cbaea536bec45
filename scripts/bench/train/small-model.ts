import { defaultLoraConfig } from '#lib/engine/lora/config.ts';
import { adapterLayout } from '#lib/engine/lora/layout.ts';
import { rotaryAngles } from '#lib/engine/nn/llama.ts';
import { parameterCount, weightViews } from '#lib/engine/nn/weights.ts';
import { adamCorrections } from '#lib/engine/optim/adamw.ts';
import { OrtSession } from '#lib/engine/runtime/ort-session.ts';
import { SessionCache } from '#lib/engine/runtime/session-cache.ts';
import { AdapterStepper } from '#lib/engine/train/adapter-step.ts';
import { createStepEngine } from '#lib/engine/train/create-step-engine.ts';
import { fullTrainingGraph, loraGradientGraph } from '#lib/engine/train/graphs.ts';
import { OptimizerState } from '#lib/engine/train/optimizer-state.ts';
import { recipeOptimizer, recipePresets } from '#lib/engine/train/recipe.ts';
import type { BenchContext } from '../main.ts';
import { createMatmul, matmulFlops } from '../matmul-rate.ts';
import { interleave } from '../measure.ts';
import { createJaxStep } from './jax-llama.ts';
import { smallConfig as config, fullBatch, randomArray } from './shapes.ts';

const [rows, time] = [8, 256];
/** As many tokens in the rows that fine-tuning mostly sees, where attention is a smaller share. */
const [shortRows, shortTime] = [32, 64];
const matmuls = 16;

/** Training steps of the 3.44 M model, as products per CPU second beside the 1024^3 product, and beside jax-js. */
export async function benchSmallModel({ emit, log, rounds, threads }: BenchContext): Promise<void> {
  const matmul = await createMatmul(threads);
  const adapter = await adapterSteps(threads);
  const full = await fullStep(threads);
  const jax = await jaxStep();
  const costs = await interleave(
    {
      matmul: async () => {
        for (let i = 0; i < matmuls; i++) await matmul.run();
      },
      lora: adapter.lora,
      short: adapter.short,
      examples: adapter.examples,
      full: full.run,
      jax,
    },
    rounds,
  );
  const rate = (matmuls * matmulFlops) / costs.matmul.cpuSeconds / 1e9;
  const peer = { name: '1024^3 MatMul', value: rate };
  const unit = 'GFLOP/cpu-s';
  const tokens = rows * time;
  log(
    'FLOPs are those of the matrix products that the graphs run, forward and backward, of causal attention the computed chunks.',
  );
  const share = (name: string, flops: number, seconds: number): void => {
    log(
      `${name}: ${(flops / 1e9).toFixed(1)} GFLOP, ${(seconds * 1000).toFixed(0)} ms CPU, ${(tokens / seconds).toFixed(0)} tok/cpu-s`,
    );
    emit({
      case: `${name}, 3.44 M`,
      value: flops / seconds / 1e9,
      unit,
      peer,
      target: { atLeast: 0.8 },
    });
  };
  share(`LoRA r8 all-linear + AdamW, B${rows} T${time}`, adapter.flops, costs.lora.cpuSeconds);
  share(`LoRA r8 all-linear + AdamW, B${shortRows} T${shortTime}`, adapter.shortFlops, costs.short.cpuSeconds);
  share(`full training + AdamW, B${rows} T${time}`, full.flops, costs.full.cpuSeconds);
  emit({
    case: 'per-example LoRA gradients',
    value: costs.examples.cpuSeconds * 1000,
    unit: 'ms CPU',
    peer: { name: 'summed LoRA step', value: costs.lora.cpuSeconds * 1000 },
    target: { atMost: 1.05 },
  });
  const peerRate = tokens / costs.jax.cpuSeconds;
  const ceiling = (rate * 1e9 * tokens) / full.flops / peerRate;
  log(`were every product as fast as the 1024^3 one and all else free, the next ratio would be ${ceiling.toFixed(1)}`);
  emit({
    case: 'full training + AdamW against loss and gradient',
    value: tokens / costs.full.cpuSeconds,
    unit: 'tok/cpu-s',
    peer: { name: '@jax-js/jax 0.1.25 (wasm, jit, no optimiser)', value: peerRate },
    target: { atLeast: 5 },
  });
  await Promise.all([matmul.release(), adapter.release(), full.release()]);
}

async function adapterSteps(threads: number) {
  const sessions = new SessionCache(8, { threads });
  const layout = adapterLayout(config, defaultLoraConfig);
  const base = { config, weights: weightViews(config, randomArray(parameterCount(config), 1, 0.05)), sha256: 'random' };
  const engine = createStepEngine({ base, layout, sessions });
  const state = new OptimizerState(randomArray(layout.length, 2, 0.02));
  const stepper = new AdapterStepper(engine, layout.length, recipeOptimizer(recipePresets.balanced), sessions);
  const batch = fullBatch(config, rows, time);
  const shortBatch = fullBatch(config, shortRows, shortTime);
  return {
    flops: loraGradientGraph(config, layout, batch).productFlops,
    shortFlops: loraGradientGraph(config, layout, shortBatch).productFlops,
    lora: () => stepper.step(state, [batch], { step: 1, learningRate: 1e-4 }),
    short: () => stepper.step(state, [shortBatch], { step: 1, learningRate: 1e-4 }),
    examples: () => engine.exampleGradients(state.theta, batch, 'A+B'),
    release: () => sessions.release(),
  };
}

async function fullStep(threads: number) {
  const optimizer = { ...recipeOptimizer(recipePresets.balanced), weightDecay: 0.1 };
  const graph = fullTrainingGraph(config, { batch: rows, time }, optimizer);
  const session = await OrtSession.create(graph, { threads });
  const state = new OptimizerState(randomArray(parameterCount(config), 1, 0.05));
  const scalars = { ...adamCorrections(optimizer, 1), learningRate: Float32Array.of(1e-4) };
  const { feeds } = fullBatch(config, rows, time);
  return {
    flops: graph.productFlops,
    run: () => state.step(session, { ...feeds, ...scalars }),
    release: () => session.release(),
  };
}

async function jaxStep(): Promise<() => Promise<number>> {
  const weights = weightViews(config, randomArray(parameterCount(config), 1, 0.05));
  const { feeds } = fullBatch(config, rows, time);
  return createJaxStep(config, weights, rotaryAngles(config, time), feeds, time);
}
