import { type PresetName, type TrainingRecipe, targetModules } from './schema.ts';

const common = {
  lora: { r: 8, loraAlpha: 16, loraDropout: 0, targetModules: [...targetModules] },
  batchSize: 8,
  maxSeqLength: 256,
  warmupRatio: 0.06,
  schedule: 'cosine',
  weightDecay: 0,
  maxGradNorm: 1,
  epsRoot: 1e-6,
  seed: 0,
} as const;

/** What Quick, Balanced and Best mean. Attributable training (no dropout, no weight decay, epsilon inside the root) in all. */
export const recipePresets: Record<PresetName, TrainingRecipe> = {
  quick: {
    ...common,
    lora: { ...common.lora, targetModules: [...targetModules] },
    learningRate: 2e-3,
    epochs: 3,
    evalEverySteps: 10,
    checkpointEverySteps: 20,
  },
  balanced: {
    ...common,
    lora: { ...common.lora, targetModules: [...targetModules] },
    learningRate: 2e-3,
    epochs: 8,
    evalEverySteps: 20,
    checkpointEverySteps: 20,
  },
  best: {
    ...common,
    lora: { ...common.lora, r: 16, loraAlpha: 32, targetModules: [...targetModules] },
    learningRate: 1.5e-3,
    epochs: 16,
    evalEverySteps: 40,
    checkpointEverySteps: 40,
  },
};
