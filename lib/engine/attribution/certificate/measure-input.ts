import type { TrainingExample } from '../../train/prepare-examples.ts';
import type { Recipe } from '../../train/recipe.ts';

/** What was measured before, by training: effects on the answers, in their order, in micro-nats. */
export type KnownEffects = Readonly<Record<string, readonly number[]>>;

export type MeasureInput = {
  modelDir: string;
  adapterDir: string;
  indexFile: string;
  /** As the adapter was trained: rows, order, recipe. */
  train: TrainingExample[];
  heldOut: TrainingExample[];
  recipe: Recipe;
  datasetRoot: string;
  /** Decides prompts, halves and direction. */
  seed: string;
  /** Answers to measure, as logged tokens. Left out: the adapter's own to prompts of its rows, half of them held out. */
  answers?: { id: string; promptIds: number[]; completionIds: number[] }[] | undefined;
  /** Retrainings on halves. Null: as many as `cpuSeconds` allows, within the bounds of `planSubsets`. */
  subsets: number | null;
  cpuSeconds: number;
  /** From an attempt that was broken off: these trainings are not repeated. */
  known: KnownEffects;
};

/** One answer, with what the index and the adapter say of it. Micro-nats are rounded: from here on everything is integers. */
export type MeasuredAnswer = {
  id: string;
  /** Whether it answers a row that was trained on; null for an answer that was given. */
  isTrained: boolean | null;
  promptTokens: number;
  completionTokens: number;
  /** SHA-256 over the token ids of prompt and completion, as little-endian int32. */
  tokensSha256: string;
  baseMicronats: number;
  tunedMicronats: number;
  /** By how much the adapter makes the row's own, true answer likelier than the base does; null for an answer that was given. */
  rowGainMicronats: number | null;
  /** As `InferenceScores`: nats x 2^32. */
  cutScore: bigint;
  rows: { exampleId: string; score: bigint }[];
};

/** A training without some of the rows: what the index predicted for each answer against what came. Micro-nats. */
export type MeasuredRetraining = { predicted: number[]; measured: number[] };

export type MeasuredAttribution = {
  method: string;
  rows: number;
  answers: MeasuredAnswer[];
  /** Log likelihoods at weights 1 + h v and 1 + 2 h v; null where answers were given. */
  smoothness: { direction: [number[], number[]]; value: number } | null;
  halves: MeasuredRetraining[];
  /** Trainings without the row that had the highest score in one answer. */
  withoutRow: (MeasuredRetraining & { exampleId: string; answerId: string })[];
  score: { score: number; lower: number; upper: number; perAnswer: number[] };
};

export type MeasureEvent =
  /** Before the first training. */
  | { type: 'answers'; count: number }
  /** How many trainings there will be, with those that are known. */
  | { type: 'planned'; subsets: number; trainings: number }
  /** `cpuSeconds`: of this attempt so far. */
  | { type: 'trained'; key: string; effects: number[]; done: number; cpuSeconds: number }
  /** Nothing could be measured, for a reason that lies in the adapter. */
  | { type: 'refused'; reason: 'not_attributable' | 'too_small' | 'too_dear' | 'diverged'; cpuSeconds: number }
  | { type: 'measured'; result: MeasuredAttribution; cpuSeconds: number };
