import { type PresetName, type TrainingRecipe, targetModules } from './schema.ts';

const balanced: TrainingRecipe = {
  lora: { r: 8, loraAlpha: 16, loraDropout: 0, targetModules: [...targetModules] },
  learningRate: 2.5e-3,
  epochs: 6,
  batchSize: 8,
  accumulationSteps: 1,
  maxSeqLength: 256,
  packing: false,
  lossOn: 'completion',
  warmupRatio: 0.06,
  schedule: 'cosine',
  weightDecay: 0,
  maxGradNorm: 1,
  epsRoot: 1e-6,
  seed: 0,
  evalEverySteps: 20,
  evalRows: 512,
  keepBest: false,
  earlyStopPatience: 0,
  earlyStopMinGain: 0,
  checkpointEverySteps: 50,
};

/**
 * What Quick, Balanced and Best mean: the engine's presets (lib/engine/train/recipe.ts), repeated here because the browser
 * may not import the engine; a test keeps the two equal.
 */
export const recipePresets: Record<PresetName, TrainingRecipe> = {
  quick: { ...balanced, learningRate: 1e-2, epochs: 3 },
  balanced,
  best: { ...balanced, lora: { ...balanced.lora, r: 16, loraAlpha: 32 }, learningRate: 1.5e-3, epochs: 10 },
};
