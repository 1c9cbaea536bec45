import type { AnswerEvent, AnswerToken } from '#lib/serving/answer-chat.ts';
import type { StartEvent } from '#lib/serving/open-answers.ts';

export type TextEvent = Extract<AnswerEvent, { type: 'text' }>;
export type DoneEvent = Extract<AnswerEvent, { type: 'done' }>;
export type FinishReason = 'stop' | 'length';

/** One answer that is written to its end. `tokens` only where the request asks for logprobs. */
export type WholeAnswer = { start: StartEvent; text: string; tokens?: AnswerToken[]; done: DoneEvent };

/** How one of OpenAI's calls words an answer: chat completions, or the older completions. */
export type AnswerShape = {
  object: string;
  chunkObject: string;
  /** One of `choices` of the whole object. */
  whole(index: number, answer: WholeAnswer): object;
  /** One of `choices` of the stream's first chunk; null: it has none. */
  opening(index: number): object | null;
  /** One of `choices` of a chunk with text; `offset` is the length of what came before it. */
  text(index: number, event: TextEvent, offset: number): object;
  closing(index: number, finish: FinishReason): object;
};

/** OpenAI knows no "cancelled"; an answer cut short by its reader reads as one that hit its length. */
export function finishReason(done: DoneEvent): FinishReason {
  return done.finishReason === 'stop' ? 'stop' : 'length';
}

/** Sums over the answers: each reads its prompt and is charged for it. */
export function usage(answers: readonly DoneEvent[]) {
  const sum = (of: (done: DoneEvent) => number) => answers.reduce((total, done) => total + of(done), 0);
  const prompt = sum((done) => done.promptTokens);
  const completion = sum((done) => done.completionTokens);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/**
 * Our extension of OpenAI's objects: what was charged, where the record is, and which rows were read, if any were asked for.
 * With several answers the amounts are sums and `answers` has each one's.
 */
export function openledger(starts: readonly StartEvent[], dones: readonly (DoneEvent | undefined)[] = []) {
  const each = starts.map((start, i) => recordOf(start, dones[i]));
  if (each.length === 1) return each[0]!;
  const ceilingWei = starts.reduce((sum, start) => sum + start.ceilingWei, 0n);
  const feeWei = dones.reduce((sum, done) => sum + (done?.feeWei ?? 0n), 0n);
  return {
    ...each[0]!,
    ceiling_wei: ceilingWei.toString(),
    ...(dones.length > 0 && { fee_wei: feeWei.toString() }),
    answers: each.map((record, index) => ({ index, ...record })),
  };
}

function recordOf(start: StartEvent, done?: DoneEvent) {
  return {
    inference_id: start.inferenceId,
    receipt_id: start.receiptId,
    ceiling_wei: start.ceilingWei.toString(),
    ...(start.rowsRead && { rows_read: start.rowsRead }),
    ...(done ? { fee_wei: done.feeWei.toString() } : {}),
  };
}
