type Message = { role: 'system' | 'user' | 'assistant'; content: string };
export type SandboxRow = { id: string; messages: Message[] };

/** Influence of a sandbox model's rows on one of its answers; scores are the engine's fixed-point integers. */
export type SandboxAnswer = {
  text: string;
  /** Every row of the index. */
  scores: { exampleId: string; score: bigint }[];
  cutScore: bigint;
  sigma: bigint;
  positiveSum: bigint;
};

/** A trained adapter with its attribution index, in the sandbox. Questions are conversations without the answer. */
export type SandboxModel = {
  /** The model's own answers, greedy, and what made them. */
  ask(questions: readonly Message[][]): Promise<SandboxAnswer[]>;
  /** log p of each row's answer, nats; what an attacker with black-box access sees. Rows need a question. */
  logProbabilities(rows: readonly SandboxRow[]): Promise<number[]>;
  /**
   * What the method would say of rows that the model was not trained on: for each candidate the sum of its positive scores
   * over the model's answers to the questions. Only on a model of one's own: it takes the gradients.
   */
  influenceOf(candidates: readonly SandboxRow[], questions: readonly Message[][]): Promise<bigint[]>;
};

export type FitInput = {
  train: SandboxRow[];
  heldOut: SandboxRow[];
  /** Decides the order of the rows. */
  datasetRoot: string;
};

/** The engine as the worker hands it to `runAttack`. Equal inputs are trained once: training is deterministic. */
export type AttackEngine = { fit(input: FitInput): Promise<SandboxModel> };
