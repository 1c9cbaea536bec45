import type { CounterfactualStatus } from '#db/schema/answers.ts';
import type { ChatMessage } from '#db/schema/models.ts';

export type { CounterfactualStatus };

/** Sources that an answer is asked again without: rows by id, all rows of a contributor, or every row. */
export type LeftOut = { rows: string[]; contributors: string[]; all: boolean };

/**
 * How the sources were taken away: the model was trained again without the rows; it is the bare base; or rows were only kept from
 * the prompt, because nothing else was asked for or training again is not possible here.
 */
export type WithoutMethod = 'retrained' | 'base' | 'not-read';

/** Log likelihoods of the answer that was given in micro-nats; `estimatedMicroNats`: the change that influence had foretold. */
export type CounterfactualResult = {
  method: WithoutMethod;
  /** What both say at temperature 0, so that nothing but the sources differs. */
  before: string;
  after: string;
  beforeMicroNats: number;
  afterMicroNats: number;
  estimatedMicroNats: number | null;
  /** Rows that the training, and that the prompt went without. */
  rowsLeftOut: number;
  rowsNotRead: number;
  /** Why the training was not done again, in a sentence; null where it was, or was not needed. */
  limit: string | null;
};

export type Counterfactual = {
  id: string;
  status: CounterfactualStatus;
  result: CounterfactualResult | null;
  error: string | null;
};

/** What the worker hands to `runCounterfactual`: the engine behind functions, so that lib never imports it. */
export type WithoutEngine = {
  /** Ids of the rows that the adapter was trained on and that are to be left out; why it cannot be trained again, or null. */
  plan: (adapterId: string, leftOut: LeftOut) => Promise<{ trained: string[]; limit: string | null }>;
  answer: (input: {
    adapterId: string;
    asked: ChatMessage[];
    without: ChatMessage[];
    completionIds: number[];
    maxTokens: number;
    weights: 'adapter' | 'base' | { leftOut: string[] };
    signal: AbortSignal;
  }) => Promise<Pick<CounterfactualResult, 'before' | 'after' | 'beforeMicroNats' | 'afterMicroNats' | 'rowsLeftOut'>>;
};
