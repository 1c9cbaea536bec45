import type { AnswerEvent } from '#lib/serving/answer-chat.ts';

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

/** Our extension of OpenAI's objects: what was charged and where the record is. */
export function openledger(start: StartEvent, done?: DoneEvent) {
  return {
    inference_id: start.inferenceId,
    receipt_id: start.receiptId,
    ceiling_wei: start.ceilingWei.toString(),
    ...(done ? { fee_wei: done.feeWei.toString() } : {}),
  };
}
