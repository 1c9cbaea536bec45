import { runInThread } from '../runtime/training-thread.ts';
import type { TrainingExample } from './prepare-examples.ts';
import type { Recipe } from './recipe.ts';

export type EvaluateAdapterInput = {
  modelDir: string;
  adapterDir: string;
  rows: readonly TrainingExample[];
  /** As the adapter was trained: decides where rows are cut and which of their tokens count. */
  recipe: Pick<Recipe, 'maxSeqLength' | 'lossOn'>;
  /** Places in each row at which `probes` ask for the next token. */
  probesARow: number;
  threads: number;
};

/** Mean loss of a row's counted tokens in nats, without and with the adapter. */
export type RowLoss = { id: string; tokens: number; baseLoss: number; tunedLoss: number };

/** A beginning of a row, as tokens, and the one that follows there. */
export type NextTokenProbe = { id: string; promptIds: number[]; expected: number };

export type AdapterEvaluation = {
  rows: RowLoss[];
  probes: NextTokenProbe[];
  /** Rows without a token to learn within the limit. */
  skipped: string[];
  /** As in the run manifest: what was measured are the rows that were sealed before the training. */
  sealedSha256: string;
};

/**
 * Measures an adapter row by row against its base, in a thread of its own. Two forward passes over the rows.
 *
 * @throws TrainingError dataset_empty; the errors of `loadBaseModel` and `readAdapter`, by name and code
 */
export async function evaluateAdapter(input: EvaluateAdapterInput): Promise<AdapterEvaluation> {
  const events = runInThread<EvaluateAdapterInput, AdapterEvaluation>(input, {
    entry: new URL('./evaluate-adapter-worker.ts', import.meta.url),
    toError: ({ name, message, code }) => Object.assign(new Error(message), { name, ...(code && { code }) }),
  });
  const { value } = await events.next();
  await events.return(undefined);
  return value as AdapterEvaluation;
}
