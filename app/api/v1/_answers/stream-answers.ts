import { dataEvent, eventStream, failureEvent } from '#app/_server/event-stream.ts';
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
  return eventStream(eventsOf(answers, shape, options), {
    onFailure: (error) => failureEvent(error, options.requestId),
    async onGone() {
      options.onCancel();
      // Runs the rest, so that what was generated is charged and the hold given back.
      for await (const _event of answers.events);
    },
  });
}

async function* eventsOf(answers: OpenAnswers, shape: AnswerShape, options: Options): AsyncGenerator<string> {
  for await (const chunk of chunksOf(answers, shape, options)) yield dataEvent(chunk);
  yield 'data: [DONE]\n\n';
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
