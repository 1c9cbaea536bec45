import type { AnswerEvent, AnswerToken } from '#lib/serving/answer-chat.ts';

export type StartEvent = Extract<AnswerEvent, { type: 'start' }>;
export type DoneEvent = Extract<AnswerEvent, { type: 'done' }>;

/** OpenAI knows no "cancelled"; an answer cut short by its reader reads as one that hit its length. */
export function finishReason(done: DoneEvent): 'stop' | 'length' {
  return done.finishReason === 'stop' ? 'stop' : 'length';
}

export function usage(done: DoneEvent) {
  return {
    prompt_tokens: done.promptTokens,
    completion_tokens: done.completionTokens,
    total_tokens: done.promptTokens + done.completionTokens,
  };
}

/** Our extension of OpenAI's objects: what was charged, where the record is, and which rows were read, if any were asked for. */
export function openledger(start: StartEvent, done?: DoneEvent) {
  return {
    inference_id: start.inferenceId,
    receipt_id: start.receiptId,
    ceiling_wei: start.ceilingWei.toString(),
    ...(start.rowsRead && { rows_read: start.rowsRead }),
    ...(done ? { fee_wei: done.feeWei.toString() } : {}),
  };
}

/** OpenAI's `logprobs` of some tokens; null when the request did not ask for them. */
export function logprobs(tokens: readonly AnswerToken[] | undefined) {
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
