import type { RunStatus } from '#db/schema/models.ts';

type Address = `0x${string}`;

/** A file of `/v1/files` as its owner sees it. `versionId`: its rows, once a job trained on them. */
export type TrainingFile = {
  id: string;
  owner: Address;
  filename: string;
  sizeBytes: number;
  rowCount: number;
  objectKey: string;
  versionId: string | null;
  createdAt: Date;
};

/** A row of a file, ready for a Datanet with the fields prompt and completion. `line` counts from 1. */
export type TrainingLine = { line: number; data: { prompt: string; completion: string } };

export type Hyperparameters = {
  n_epochs: number | 'auto';
  batch_size: number | 'auto';
  learning_rate_multiplier: number | 'auto';
};

/** A job with the state of its training run. `modelSlug`: what its owner may ask; null until it is trained. */
export type FineTuningJob = {
  id: string;
  owner: Address;
  fileId: string;
  runId: string;
  versionId: string;
  baseModel: string;
  seed: number;
  hyperparameters: Hyperparameters;
  metadata: Record<string, string> | null;
  suffix: string | null;
  status: RunStatus;
  errorCode: string | null;
  errorMessage: string | null;
  modelSlug: string | null;
  /** Tokens that the run reads in all, when it said so. */
  trainTokens: number | null;
  totalSteps: number | null;
  createdAt: Date;
  endedAt: Date | null;
};
