import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';
import type { Answer } from '../answers.ts';
import type { Checkpoint, TruthTrainer } from '../retrain.ts';

/** What a method may look at: one trained model, the rows that it was trained on, and answers that it gave. */
export type MethodInput = {
  trainer: TruthTrainer;
  modelDir: string;
  examples: readonly TrainingExample[];
  answers: readonly Answer[];
  /** The adapter that is attributed, and checkpoints of its training. */
  theta: Float32Array;
  checkpoints: readonly Checkpoint[];
  /** How far its training went, see `trainingReach`. */
  reach: number;
  /** Gradients of log p at `theta`, of all of the adapter: [rows][P] and [answers][P]. */
  rowGradients: readonly Float32Array[];
  answerGradients: readonly Float32Array[];
  /** Text of the rows and of the answers with their questions. */
  rowTexts: readonly string[];
  answerTexts: readonly string[];
  seed: number;
  /** For files. */
  folder: string;
};

/** Scores [answers][rows]; higher: the row made the answer more likely. */
export type Method = {
  name: string;
  score: (input: MethodInput) => Promise<Float64Array[]> | Float64Array[];
};
