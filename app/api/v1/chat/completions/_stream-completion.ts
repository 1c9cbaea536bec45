import { errorResponse } from '#app/_server/error-response.ts';
import type { AnswerEvent, AnswerToken } from '#lib/serving/answer-chat.ts';
import { finishReason, logprobs, openledger, type StartEvent, usage } from './_completion.ts';

type Options = { requestId: string; includeUsage: boolean; onCancel: () => void };

/**
 * Sends an answer as OpenAI's server-sent `chat.completion.chunk`s, ended by `[DONE]`. A failure after the first byte is sent
 * as an `error` chunk, which the openai client throws. When the reader goes away the answer is cancelled.
 */
export function streamCompletion(events: AsyncGenerator<AnswerEvent>, start: StartEvent, options: Options): Response {
  const encoder = new TextEncoder();
  const line = (data: unknown) => encoder.encode(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  const common = {
    id: start.inferenceId,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: start.modelSlug,
  };
  const chunk = (
    delta: object,
    {
      finish = null,
      tokens,
      ...rest
    }: { finish?: string | null; tokens?: readonly AnswerToken[]; [key: string]: unknown },
  ) =>
    line({
      ...common,
      choices: [{ index: 0, delta, logprobs: logprobs(tokens), finish_reason: finish }],
      ...(options.includeUsage ? { usage: null } : {}), // as OpenAI does: only the last chunk has it
      ...rest,
    });
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(chunk({ role: 'assistant', content: '' }, { openledger: openledger(start) }));
    },
    async pull(controller) {
      try {
        const { value: event, done } = await events.next();
        if (done) {
          controller.enqueue(line('[DONE]'));
          controller.close();
        } else if (event.type === 'text') {
          controller.enqueue(chunk({ content: event.text }, event.tokens ? { tokens: event.tokens } : {}));
        } else if (event.type === 'done') {
          controller.enqueue(chunk({}, { openledger: openledger(start, event), finish: finishReason(event) }));
          if (options.includeUsage) controller.enqueue(line({ ...common, choices: [], usage: usage(event) }));
        }
      } catch (error) {
        controller.enqueue(line(await errorResponse(error, options.requestId).text()));
        controller.close();
      }
    },
    async cancel() {
      options.onCancel();
      // Runs the rest, so that what was generated is charged and the hold given back.
      for await (const _event of events);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  });
}
