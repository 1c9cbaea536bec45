import type { TrainingExample } from './prepare-examples.ts';
import type { Recipe } from './recipe.ts';

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
  /** A checkpoint file of the same run; the result is bit-identical to that of an uninterrupted run. */
  resumeFrom?: string | undefined;
  /** CPU threads; all cores when left out. The result does not depend on it. */
  threads?: number | undefined;
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
    }
  | {
      type: 'step';
      step: number;
      epoch: number;
      loss: number;
      learningRate: number;
      tokensPerSecond: number;
      etaSeconds: number;
    }
  | { type: 'eval'; step: number; loss: number; baseLoss: number }
  | { type: 'sample'; step: number; prompt: string; text: string }
  | { type: 'checkpoint'; step: number; file: string; sha256: string }
  | {
      type: 'done';
      steps: number;
      evalLoss: number;
      baseEvalLoss: number;
      adapterSha256: string;
      adapterDir: string;
      seconds: number;
      /** CPU time of the whole process during the run. */
      cpuSeconds: number;
    };
