import type { AnswerToken } from '#lib/serving/answer-chat.ts';
import { type AnswerShape, finishReason } from '../../_answers/answer-shape.ts';

/** OpenAI's `chat.completion` and its chunks. */
export const chatShape: AnswerShape = {
  object: 'chat.completion',
  chunkObject: 'chat.completion.chunk',
  whole: (index, { text, tokens, done }) => ({
    index,
    message: { role: 'assistant', content: text, refusal: null },
    logprobs: logprobsOf(tokens),
    finish_reason: finishReason(done),
  }),
  opening: (index) => chunkOf(index, { role: 'assistant', content: '' }),
  text: (index, { text, tokens }) => chunkOf(index, { content: text }, { logprobs: logprobsOf(tokens) }),
  closing: (index, finish) => chunkOf(index, {}, { finish_reason: finish }),
};

const chunkOf = (index: number, delta: object, rest: object = {}) => ({
  ...{ index, delta, logprobs: null, finish_reason: null },
  ...rest,
});

/** OpenAI's `logprobs` of some tokens; null when the request did not ask for them. */
function logprobsOf(tokens: readonly AnswerToken[] | undefined) {
  if (!tokens) return null;
  const entry = ({ token, logprob }: Pick<AnswerToken, 'token' | 'logprob'>) => ({
    token,
    // OpenAI's word for "so unlikely that there is no number" where the server told none.
    logprob: logprob ?? -9999,
    // A token may be part of a character: then its bytes are not those of a text.
    bytes: token.includes('\uFFFD') ? null : [...Buffer.from(token)],
  });
  return { content: tokens.map((token) => ({ ...entry(token), top_logprobs: token.top.map(entry) })), refusal: null };
}
