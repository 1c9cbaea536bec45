import type { SessionCache } from '../runtime/session-cache.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { decodeCodes } from './encode-codes.ts';
import { type AdaptedModel, baseLosses } from './gradient-source.ts';
import { type Answer, completionLogprobs, prepareAnswer, type QueryCodes, queryCodes } from './query-codes.ts';
import { type RowScores, scoreRows } from './score-rows.ts';

export type ScoredAnswer = Answer & {
  /** Whether the bare base's log p is asked for, too: one forward pass more, a third of the whole cost of scoring. */
  withBaseLogprobs?: boolean | undefined;
};

export type InferenceScores = RowScores &
  QueryCodes & {
    /** log p of each completion token with the bare base, if that was asked for. */
    baseLogprobs: number[] | null;
  };

/**
 * Scores every indexed row against one answer: one forward and backward pass over the logged tokens, then integers only.
 *
 * What a stranger gets when computing it again, step by step:
 * 1. the gradient (float32, onnxruntime): one thread, by definition: the same bits on one kind of CPU; close to them on another;
 * 2. sketch and whitening (float64, only + - * / and sqrt, in a fixed order): from equal gradients equal bits everywhere;
 * 3. quantising (float64 to int8): equal bits everywhere; `queryCodesHash` pins what came out;
 * 4. scores, cut and sums (integers): exact everywhere, from the index file and the codes alone.
 *
 * @throws AttributionIndexError if the index is of another base or adapter; AttributionQueryError
 */
export async function scoreInference(
  model: AdaptedModel,
  sessions: SessionCache,
  index: AttributionIndex,
  answer: ScoredAnswer,
): Promise<InferenceScores> {
  const query = await queryCodes(model, sessions, index, answer);
  const example = prepareAnswer(answer, model.base.config.max_position_embeddings);
  const bare = answer.withBaseLogprobs ? await baseLosses(model, sessions, example) : null;
  return {
    ...scoreRows(index, decodeCodes(query.queryCodes, index.header.dims)),
    ...query,
    baseLogprobs: bare && completionLogprobs(bare, answer),
  };
}
