import type { Deps } from '#lib/platform/deps.ts';
import type { RetrievedRow } from '#lib/retrieval/types.ts';
import type { AheadAnswer } from './ahead-answers.ts';
import type { AnswerRequest } from './answer-request.ts';
import { ContextTooLongError } from './errors.ts';
import { preparePrompt } from './prepare-prompt.ts';
import { type OpenAnswer, openAnswer } from './serve-client.ts';
import { queueCaller, serveRequestOf } from './serve-request.ts';
import type { Caller, ServableModel } from './types.ts';

export type BegunAnswer = {
  answer: OpenAnswer;
  promptIds: number[];
  /** Of the answer; what the context leaves may be less than what was asked for. */
  maxTokens: number;
  /** Null when the caller did not ask for rows. */
  retrieved: RetrievedRow[] | null;
};

/**
 * Has the model begin, and says what is to be held for it. Without rows one request does: the serve process makes the tokens and goes
 * on with them. With rows the prompt is made first, because what the question leaves of the context decides about them.
 *
 * @throws ContextTooLongError, and as preparePrompt and openAnswer
 */
export async function beginAnswer(
  deps: Pick<Deps, 'db' | 'env'>,
  input: {
    model: ServableModel;
    caller: Caller;
    request: AnswerRequest;
    signal: AbortSignal;
    ahead?: AheadAnswer | null | undefined;
  },
): Promise<BegunAnswer> {
  const { model, caller, request, signal, ahead } = input;
  const prompt = request.retrieval ? await preparePrompt(deps, model, request) : null;
  const asked = serveRequestOf(request, { adapterId: model.adapterId, queueCaller: queueCaller(deps, caller) }, prompt);
  const answer = await (ahead?.take(asked, signal) ?? openAnswer(deps, asked, signal));
  const { promptIds, contextTokens } = answer;
  if (promptIds.length >= contextTokens) {
    answer.cancel();
    throw new ContextTooLongError(promptIds.length, contextTokens);
  }
  const maxTokens = Math.min(request.maxTokens, contextTokens - promptIds.length);
  return { answer, promptIds, maxTokens, retrieved: prompt?.retrieved ?? null };
}
