import { errorResponse } from '#app/_server/error-response.ts';
import type { OpenAnswers } from '#lib/serving/open-answers.ts';
import { type AnswerShape, type DoneEvent, finishReason, openledger, usage } from './answer-shape.ts';

type Options = {
  requestId: string;
  includeUsage: boolean;
  onCancel: () => void;
  /** Told after the last answer, where the request asks who earns. */
  attribution: (() => Promise<object>) | null;
};

/**
 * Sends answers as OpenAI's server-sent chunks, ended by `[DONE]`. A failure after the first byte is sent as an `error`
 * chunk, which the openai client throws. When the reader goes away the answers are cancelled.
 */
export function streamAnswers(answers: OpenAnswers, shape: AnswerShape, options: Options): Response {
  const encoder = new TextEncoder();
  const lines = chunksOf(answers, shape, options);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await lines.next();
        controller.enqueue(encoder.encode(`data: ${done ? '[DONE]' : JSON.stringify(value)}\n\n`));
        if (done) controller.close();
      } catch (error) {
        controller.enqueue(encoder.encode(`data: ${await errorResponse(error, options.requestId).text()}\n\n`));
        controller.close();
      }
    },
    async cancel() {
      options.onCancel();
      // Runs the rest, so that what was generated is charged and the hold given back.
      for await (const _event of answers.events);
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

async function* chunksOf(
  { starts, events }: OpenAnswers,
  shape: AnswerShape,
  options: Options,
): AsyncGenerator<object> {
  const common = {
    id: starts[0]!.inferenceId,
    object: shape.chunkObject,
    created: Math.floor(Date.now() / 1000),
    model: starts[0]!.modelSlug,
  };
  const unused = options.includeUsage ? { usage: null } : {}; // as OpenAI does: only the last chunk has it
  const chunk = (choices: object[], rest: object = {}) => ({ ...common, choices, ...unused, ...rest });
  const openings = starts.flatMap((_, index) => shape.opening(index) ?? []);
  if (openings.length > 0) yield chunk(openings, { openledger: openledger(starts) });
  const dones: DoneEvent[] = [];
  const offsets = starts.map(() => 0);
  for await (const { index, event } of events) {
    if (event.type === 'text') {
      yield chunk([shape.text(index, event, offsets[index]!)]);
      offsets[index]! += event.text.length;
    } else {
      dones[index] = event;
      const isLast = Object.keys(dones).length === starts.length;
      yield chunk([shape.closing(index, finishReason(event))], isLast ? { openledger: openledger(starts, dones) } : {});
    }
  }
  if (options.attribution) yield chunk([], { openledger: { attribution: await options.attribution() } });
  if (options.includeUsage) yield chunk([], { usage: usage(dones) });
}
