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
  /** Rows that go through the model at once. */
  batchSize: number;
  /** Batches whose gradients are added up before one optimiser step. */
  accumulationSteps: number;
  /** Tokens; longer examples are cut at the end and counted. */
  maxSeqLength: number;
  /** Several short examples share a row of the batch, each blind to the others. */
  packing: boolean;
  /** Which tokens of a conversation carry loss; a plain-text row always carries it on all. */
  lossOn: 'completion' | 'all';
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
  /** At most this many held-out rows are measured, chosen by the seed; 0: all of them. */
  evalRows: number;
  /** The written adapter is that of the evaluation with the least held-out loss, not that of the last step. */
  keepBest: boolean;
  /** Evaluations without a gain after which the run ends; 0: never. */
  earlyStopPatience: number;
  /** Nats per token by which the held-out loss must fall to count as a gain. */
  earlyStopMinGain: number;
  /** Steps between checkpoints; 0: only when stopped and at the end. */
  checkpointEverySteps: number;
  /** Left out: none. */
  privacy?: PrivacyRecipe | undefined;
};

/**
 * DP-SGD (Abadi et al. 2016, arXiv 1607.00133): each example's gradient is shortened to `clipNorm`, noise of
 * noiseMultiplier * clipNorm is added to their sum, and each step draws a Poisson sample of the rows.
 */
export type PrivacyRecipe = {
  /** Standard deviation of the noise, in clipping norms. */
  noiseMultiplier: number;
  /** Euclidean norm of one example's gradient of its mean loss per token. */
  clipNorm: number;
  /** The delta at which epsilon is stated; well below 1 / rows. */
  delta: number;
};

const balanced: Recipe = {
  lora: defaultLoraConfig,
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

/** What the wizard offers. The figures were chosen on the shipped base, see docs/engine-log.md. All are attributable. */
export const recipePresets: Record<'quick' | 'balanced' | 'best', Recipe> = {
  quick: { ...balanced, learningRate: 1e-2, epochs: 3 },
  balanced,
  best: { ...balanced, lora: { ...defaultLoraConfig, r: 16, loraAlpha: 32 }, learningRate: 1.5e-3, epochs: 10 },
};

type Bound = readonly [path: string, minimum: number, maximum: number, isInteger: boolean];
const bounds: readonly Bound[] = [
  ['learningRate', 1e-7, 1, false],
  ['epochs', 1, 1000, true],
  ['batchSize', 1, 256, true],
  ['accumulationSteps', 1, 256, true],
  ['maxSeqLength', 8, 8192, true],
  ['warmupRatio', 0, 0.9, false],
  ['weightDecay', 0, 1, false],
  ['maxGradNorm', 0, 1000, false],
  ['epsRoot', 1e-12, 1, false],
  ['seed', 0, 2 ** 31, true],
  ['evalEverySteps', 0, 1e6, true],
  ['evalRows', 0, 1e6, true],
  ['earlyStopPatience', 0, 1000, true],
  ['earlyStopMinGain', 0, 10, false],
  ['checkpointEverySteps', 0, 1e6, true],
];
const privacyBounds: readonly Bound[] = [
  ['privacy.noiseMultiplier', 0.01, 100, false],
  ['privacy.clipNorm', 1e-4, 1000, false],
  ['privacy.delta', 1e-12, 0.1, false],
];
const choices: readonly (readonly [path: string, allowed: readonly unknown[]])[] = [
  ['schedule', ['cosine', 'linear', 'constant']],
  ['lossOn', ['completion', 'all']],
  ['packing', [true, false]],
  ['keepBest', [true, false]],
];

/** Dotted path of every setting that a recipe can have: those that are checked below, and the adapter's own. */
export const trainerRecipePaths: readonly string[] = [
  ...[...bounds, ...privacyBounds, ...choices].map(([path]) => path),
  ...['r', 'loraAlpha', 'loraDropout', 'targetModules', 'useRslora'].map((name) => `lora.${name}`),
];

/** @throws TrainingError recipe_invalid naming the field and its range; LoraConfigError for the LoRA part */
export function checkRecipe(recipe: Recipe): void {
  checkLoraConfig(recipe.lora);
  for (const [path, minimum, maximum, isInteger] of recipe.privacy ? [...bounds, ...privacyBounds] : bounds) {
    const value = valueAt(recipe, path);
    const isFine = typeof value === 'number' && value >= minimum && value <= maximum;
    if (!isFine || (isInteger && !Number.isInteger(value))) {
      refuse(path, value, `${isInteger ? 'an integer' : 'a number'} from ${minimum} to ${maximum}`);
    }
  }
  for (const [path, allowed] of choices) {
    const value = valueAt(recipe, path);
    if (!allowed.includes(value)) refuse(path, value, `one of ${allowed.join(', ')}`);
  }
  if (recipe.privacy && recipe.packing) {
    refuse('packing', true, "false with privacy: each example's gradient is clipped by itself");
  }
  if (recipe.earlyStopPatience > 0 && recipe.evalEverySteps === 0) {
    refuse('evalEverySteps', 0, 'at least 1 with earlyStopPatience, which counts evaluations');
  }
}

/**
 * Whether influence on the result can be certified: every example is a cause of its own,
 * for a fixed number of steps that its loss cannot change. The manifest says so of each run.
 */
export function isAttributable(recipe: Recipe): boolean {
  const isPlain = !recipe.packing && recipe.lora.loraDropout === 0 && recipe.weightDecay === 0 && !recipe.privacy;
  const isFixedBudget = recipe.earlyStopPatience === 0 && !recipe.keepBest;
  return isPlain && isFixedBudget;
}

/** A recipe written before some of today's fields existed: they get the values that it was trained with. */
export function completeRecipe(recipe: Partial<Recipe> & Pick<Recipe, 'lora'>): Recipe {
  return { ...balanced, evalRows: 0, ...recipe };
}

/** The optimiser that a recipe asks for. */
export function recipeOptimizer({ epsRoot, weightDecay, maxGradNorm }: Recipe): AdamWConfig {
  return { beta1: 0.9, beta2: 0.99, epsilonPlace: 'root', epsilon: epsRoot, weightDecay, maxGradNorm };
}

function valueAt(recipe: Recipe, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], recipe);
}

function refuse(path: string, value: unknown, wanted: string): never {
  throw new TrainingError('recipe_invalid', `The recipe's ${path} is ${String(value)}; it must be ${wanted}.`);
}
