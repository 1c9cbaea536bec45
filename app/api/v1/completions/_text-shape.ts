import type { AnswerToken } from '#lib/serving/answer-chat.ts';
import { type AnswerShape, finishReason } from '../_answers/answer-shape.ts';

/** OpenAI's `text_completion`, whose chunks are objects of the same kind. */
export const textShape: AnswerShape = {
  object: 'text_completion',
  chunkObject: 'text_completion',
  whole: (index, { text, tokens, done }) => ({
    ...{ index, text, logprobs: logprobsOf(tokens, 0), finish_reason: finishReason(done) },
  }),
  opening: () => null,
  text: (index, { text, tokens }, offset) => ({
    ...{ index, text, logprobs: logprobsOf(tokens, offset), finish_reason: null },
  }),
  closing: (index, finish) => ({ index, text: '', logprobs: null, finish_reason: finish }),
};

/** OpenAI's older `logprobs`: lists beside one another, and where each token begins in the answer. */
function logprobsOf(tokens: readonly AnswerToken[] | undefined, offset: number) {
  if (!tokens) return null;
  let at = offset;
  const offsets = tokens.map(({ token }) => {
    at += token.length;
    return at - token.length;
  });
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: offsets,
  };
}
