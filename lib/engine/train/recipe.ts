import { checkLoraConfig, defaultLoraConfig, type LoraConfig } from '../lora/config.ts';
import type { AdamWConfig } from '../optim/adamw.ts';
import type { ScheduleKind } from '../optim/schedule.ts';
import { TrainingError } from './errors.ts';

/** Everything that decides a LoRA fine-tune besides base and data: equal recipes and inputs give equal bits. */
export type Recipe = {
  lora: LoraConfig;
  /** Peak; the schedule scales it. */
  learningRate: number;
  epochs: number;
  batchSize: number;
  /** Tokens; longer examples are cut at the end and counted. */
  maxSeqLength: number;
  /** Share of the steps with a rising learning rate. */
  warmupRatio: number;
  schedule: ScheduleKind;
  /** 0 in attributable training: decay moves weights for which no example is the cause. */
  weightDecay: number;
  /** 0 switches clipping off. */
  maxGradNorm: number;
  /** Inside the root, eta * m / sqrt(v + epsRoot): keeps the training smooth in its data. */
  epsRoot: number;
  seed: number;
  /** Steps between evaluations; 0: only at the start and the end. */
  evalEverySteps: number;
  /** Steps between checkpoints; 0: only when stopped and at the end. */
  checkpointEverySteps: number;
};

const balanced: Recipe = {
  lora: defaultLoraConfig,
  learningRate: 5e-3,
  epochs: 6,
  batchSize: 8,
  maxSeqLength: 256,
  warmupRatio: 0.06,
  schedule: 'cosine',
  weightDecay: 0,
  maxGradNorm: 1,
  epsRoot: 1e-6,
  seed: 0,
  evalEverySteps: 20,
  checkpointEverySteps: 50,
};

/** What the wizard offers. The figures were chosen on the shipped base, see docs/engine-log.md. */
export const recipePresets: Record<'quick' | 'balanced' | 'best', Recipe> = {
  quick: { ...balanced, learningRate: 1e-2, epochs: 3 },
  balanced,
  best: { ...balanced, lora: { ...defaultLoraConfig, r: 16, loraAlpha: 32 }, learningRate: 3e-3, epochs: 10 },
};

const bounds: Record<string, [minimum: number, maximum: number, isInteger: boolean]> = {
  learningRate: [1e-7, 1, false],
  epochs: [1, 1000, true],
  batchSize: [1, 256, true],
  maxSeqLength: [8, 8192, true],
  warmupRatio: [0, 0.9, false],
  weightDecay: [0, 1, false],
  maxGradNorm: [0, 1000, false],
  epsRoot: [1e-12, 1, false],
  seed: [0, 2 ** 31, true],
  evalEverySteps: [0, 1e6, true],
  checkpointEverySteps: [0, 1e6, true],
};

/** @throws TrainingError recipe_invalid naming the field and its range; LoraConfigError for the LoRA part */
export function checkRecipe(recipe: Recipe): void {
  checkLoraConfig(recipe.lora);
  for (const [field, [minimum, maximum, isInteger]] of Object.entries(bounds)) {
    const value = recipe[field as keyof Recipe];
    const isFine = typeof value === 'number' && value >= minimum && value <= maximum;
    if (!isFine || (isInteger && !Number.isInteger(value))) {
      const kind = isInteger ? 'an integer' : 'a number';
      throw new TrainingError(
        'recipe_invalid',
        `The recipe's ${field} is ${value}; it must be ${kind} from ${minimum} to ${maximum}.`,
      );
    }
  }
}

/** The optimiser that a recipe asks for. */
export function recipeOptimizer({ epsRoot, weightDecay, maxGradNorm }: Recipe): AdamWConfig {
  return { beta1: 0.9, beta2: 0.99, epsilonPlace: 'root', epsilon: epsRoot, weightDecay, maxGradNorm };
}
