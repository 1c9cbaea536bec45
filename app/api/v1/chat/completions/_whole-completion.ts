import type { AnswerEvent, AnswerToken } from '#lib/serving/answer-chat.ts';
import { type DoneEvent, finishReason, logprobs, openledger, type StartEvent, usage } from './_completion.ts';

/** Collects an answer into OpenAI's `chat.completion` object. */
export async function wholeCompletion(events: AsyncGenerator<AnswerEvent>, start: StartEvent) {
  let content = '';
  let tokens: AnswerToken[] | undefined;
  let done: DoneEvent | null = null;
  for await (const event of events) {
    if (event.type === 'text') content += event.text;
    if (event.type === 'text' && event.tokens) tokens = [...(tokens ?? []), ...event.tokens];
    if (event.type === 'done') done = event;
  }
  if (!done) throw new Error('an answer ends with a done event');
  return {
    id: start.inferenceId,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model: start.modelSlug,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null },
        logprobs: logprobs(tokens),
        finish_reason: finishReason(done),
      },
    ],
    usage: usage(done),
    openledger: openledger(start, done),
  };
}
