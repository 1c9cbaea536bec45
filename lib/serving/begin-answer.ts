import { hashVisitor } from '#lib/platform/auth/hash-token.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { RetrievedRow } from '#lib/retrieval/types.ts';
import type { AnswerRequest } from './answer-request.ts';
import { ContextTooLongError } from './errors.ts';
import { preparePrompt } from './prepare-prompt.ts';
import { type OpenAnswer, openAnswer } from './serve-client.ts';
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
  input: { model: ServableModel; caller: Caller; request: AnswerRequest; signal: AbortSignal },
): Promise<BegunAnswer> {
  const { model, caller, request, signal } = input;
  const { messages, isPlain, retrieval, sampling } = request;
  const prompt = retrieval ? await preparePrompt(deps, model, request) : null;
  const asked = prompt
    ? { messages: [], promptIds: prompt.promptIds }
    : isPlain
      ? { messages: [], text: messages[0]!.content }
      : { messages };
  const answer = await openAnswer(
    deps,
    {
      ...{ adapterId: model.adapterId, ...asked, maxTokens: prompt?.maxTokens ?? request.maxTokens },
      ...{ caller: queueCaller(deps, caller), ...sampling },
    },
    signal,
  );
  const { promptIds, contextTokens } = answer;
  if (promptIds.length >= contextTokens) {
    answer.cancel();
    throw new ContextTooLongError(promptIds.length, contextTokens);
  }
  const maxTokens = Math.min(request.maxTokens, contextTokens - promptIds.length);
  return { answer, promptIds, maxTokens, retrieved: prompt?.retrieved ?? null };
}

/** Whose turn it is in the queue: each key and each account has one, and the serve process learns neither. */
function queueCaller(deps: Pick<Deps, 'env'>, caller: Caller): string {
  return hashVisitor(deps.env.SESSION_SECRET, ('apiKeyId' in caller && caller.apiKeyId) || caller.callerKey);
}
