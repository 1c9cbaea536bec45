import { defineRoute } from '#app/_server/define-route.ts';
import { dataEvent, eventStream, failureEvent } from '#app/_server/event-stream.ts';
import { askCheckpoint, type CheckpointEvent } from '#lib/serving/checkpoints/ask-checkpoint.ts';
import { askCheckpointSchema } from '#lib/serving/checkpoints/schema.ts';

/** A checkpoint's answer to its run's owner as server-sent events: `text` pieces, then `done`. What fails on the way is an `error`. */
export const POST = defineRoute({
  input: askCheckpointSchema,
  auth: 'account',
  limit: { name: 'ask-checkpoint', max: 60, windowSeconds: 60 },
  run: async ({ deps, actor, input, request, requestId }) => {
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, request.signal]);
    const answer = await askCheckpoint(deps, actor, input, signal);
    return eventStream(eventsOf(answer), {
      // Who leaves ends the answer by that: no failure.
      onFailure: async (error) => (gone.signal.aborted ? null : failureEvent(error, requestId)),
      onGone: () => gone.abort(),
    });
  },
});

async function* eventsOf(answer: AsyncGenerator<CheckpointEvent>): AsyncGenerator<string> {
  for await (const event of answer) yield dataEvent(event);
}
