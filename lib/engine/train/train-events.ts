import type { TrainingExample } from './prepare-examples.ts';
import type { PrivacyStatement } from './privacy/private-batches.ts';
import type { Recipe } from './recipe.ts';

/** `rule` names how rows were chosen and ordered; `copies` were left out. */
export type DatasetFacts = {
  rule: string;
  versionRoot: string;
  rows: number;
  copies: number;
  /** Of rows from several sources: each one's root, rows, and how often a pass reads them, in tenths. */
  parts?: { root: string; rows: number; tenths: number }[] | undefined;
};

export type TrainAdapterInput = {
  /** Base in Hugging Face layout. */
  modelDir: string;
  /** Receives the adapter, the run manifest, the optimiser state and `checkpoints/`. */
  outDir: string;
  train: TrainingExample[];
  /** Held out: never trained on. */
  evaluation: TrainingExample[];
  recipe: Recipe;
  /** Root of the frozen dataset; with the seed it decides the order of the rows. */
  datasetRoot: string;
  /** How the rows came from the dataset; copied into the run manifest. */
  dataset?: DatasetFacts | undefined;
  /** A checkpoint file of the same run; the result is bit-identical to that of an uninterrupted run. */
  resumeFrom?: string | undefined;
  /** A checkpoint file of another run of the same base, rank and target modules: its adapter is where this run starts. */
  forkFrom?: string | undefined;
  /**
   * Needed for a recipe with privacy, at least 32 characters: draws the rows and the noise. Whoever knows it can take the
   * noise off again, so it is never written anywhere; the manifest holds its hash.
   */
  noiseSecret?: string | undefined;
  /** CPU threads; all cores when left out. The result does not depend on it. */
  threads?: number | undefined;
};

/** Adapters of one base to be merged by weight; rows as for a training, none of which is trained on. */
export type MergeInput = Pick<
  TrainAdapterInput,
  'modelDir' | 'outDir' | 'train' | 'evaluation' | 'datasetRoot' | 'dataset' | 'threads'
> & {
  /** `dir` in PEFT's layout. `sha256`: of its `adapter_model.safetensors`, for the manifest. */
  parents: { dir: string; sha256: string; weightPpm: number }[];
  /** Decides where rows are cut and which of their tokens count; its `lora` is set to the merged adapter's. */
  recipe: Recipe;
};

/** Losses are nats per answer token; `step` counts optimiser steps from 1. */
export type TrainEvent =
  | {
      type: 'started';
      totalSteps: number;
      trainableParams: number;
      /** Tokens that all epochs read, padding not counted. */
      trainTokens: number;
      truncatedExamples: number;
      skippedExamples: string[];
      resumedStep: number;
      /** SHA-256 of the held-out rows as they are measured, committed to before the first step. */
      sealedSha256: string;
      /** Rows with loss, of the training and of the held-out set. */
      trainExamples: number;
      heldOutExamples: number;
      /** See `isAttributable`. */
      attributable: boolean;
      /** What all steps together will spend; null without privacy. */
      privacy: PrivacyStatement | null;
    }
  | {
      type: 'step';
      step: number;
      epoch: number;
      /** Null in a private run, which does not tell what its rows cost. */
      loss: number | null;
      learningRate: number;
      tokensPerSecond: number;
      etaSeconds: number;
    }
  | {
      type: 'gradient';
      step: number;
      /** Rows drawn from a pass, by where they are from: how many, and the sum of the norms of what each adds to the gradient of B. */
      parts: { part: string; rows: number; norm: number }[];
    }
  | { type: 'eval'; step: number; loss: number; baseLoss: number }
  | { type: 'sample'; step: number; prompt: string; text: string }
  | { type: 'checkpoint'; step: number; file: string; sha256: string }
  | {
      type: 'done';
      /** Steps that were taken: fewer than planned after an early stop. */
      steps: number;
      /** The step whose adapter was written. */
      adapterStep: number;
      evalLoss: number;
      baseEvalLoss: number;
      adapterSha256: string;
      adapterDir: string;
      manifestSha256: string;
      privacy: PrivacyStatement | null;
      seconds: number;
      /** CPU time of the whole process during the run. */
      cpuSeconds: number;
    };
