import type { TrainingRecipe } from './schema.ts';

type Message = { role: 'system' | 'user' | 'assistant'; content: string };
/** Of a mix, `part` names the version that the row is from, and `tenths` how often a pass reads it; 10, once, where left out. */
export type TrainingRow = { id: string; messages: Message[]; part?: string; tenths?: number };

/** How the training set came from the version; goes into the run manifest. `parts`: of a mix alone. */
export type DatasetFacts = {
  rule: string;
  versionRoot: string;
  rows: number;
  copies: number;
  parts?: { root: string; rows: number; tenths: number }[];
};

/** What the engine says while it trains; the same events as lib/engine/train, which lib may not import. */
export type TrainingEvent =
  | {
      type: 'started';
      totalSteps: number;
      trainableParams: number;
      trainTokens: number;
      sealedSha256: string;
      attributable: boolean;
    }
  | {
      type: 'step';
      step: number;
      epoch: number;
      loss: number | null;
      learningRate: number;
      tokensPerSecond: number;
      etaSeconds: number;
    }
  | { type: 'gradient'; step: number; parts: { part: string; rows: number; norm: number }[] }
  | { type: 'eval'; step: number; loss: number; baseLoss: number }
  | { type: 'sample'; step: number; prompt: string; text: string }
  | { type: 'checkpoint'; step: number; file: string; sha256: string }
  | {
      type: 'done';
      steps: number;
      adapterStep: number;
      evalLoss: number;
      baseEvalLoss: number;
      adapterSha256: string;
      adapterDir: string;
      manifestSha256: string;
      seconds: number;
      cpuSeconds: number;
    };

/** How copies are told; as in lib/engine/attribution/clusters. */
export type CopyRule = 'first-commit/1' | 'first-commit/2' | 'first-commit/3';

/** A row that copies an older one; as in lib/engine/attribution/clusters. */
export type CopyOf = { id: string; copyOf: string; kind: 'same' | 'near' | 'stitched' };

/** The engine as the worker hands it to `trainRun` (worker/jobs/train-adapter.ts). */
export type TrainingEngine = {
  /** Rows that copy an older one, judged by their words, by the newest rule unless told; `rows` in the order of contribution. */
  findCopies(rows: TrainingRow[], rule?: CopyRule): Promise<CopyOf[]>;
  train(input: {
    modelDir: string;
    outDir: string;
    train: TrainingRow[];
    evaluation: TrainingRow[];
    recipe: TrainingRecipe;
    resumeFrom?: string;
    forkFrom?: string;
    noiseSecret?: string;
    signal: AbortSignal;
    datasetRoot: string;
    dataset: DatasetFacts;
  }): AsyncIterable<TrainingEvent>;
  /** In place of training: adapters by weight, exactly. Says what a training without steps says. */
  merge(input: {
    modelDir: string;
    outDir: string;
    parents: { dir: string; sha256: string; weightPpm: number }[];
    train: TrainingRow[];
    evaluation: TrainingRow[];
    recipe: TrainingRecipe;
    signal: AbortSignal;
    datasetRoot: string;
    dataset: DatasetFacts;
  }): AsyncIterable<TrainingEvent>;
  buildIndex(input: {
    modelDir: string;
    adapterDir: string;
    rows: TrainingRow[];
    outFile: string;
    onProgress(done: number, total: number): void;
    signal: AbortSignal;
  }): Promise<{ sha256: string; method: string }>;
  /** The suffix index of the trained rows, for verbatim matches. */
  buildSpans(input: {
    modelDir: string;
    adapterDir: string;
    rows: TrainingRow[];
    outFile: string;
  }): Promise<{ sha256: string }>;
};
