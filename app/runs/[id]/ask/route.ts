import { defineRoute } from '#app/_server/define-route.ts';
import { errorResponse } from '#app/_server/error-response.ts';
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
    return new Response(toBody(answer, requestId, gone), {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    });
  },
});

function toBody(answer: AsyncGenerator<CheckpointEvent>, requestId: string, gone: AbortController): ReadableStream {
  const encoder = new TextEncoder();
  const line = (json: string) => encoder.encode(`data: ${json}\n\n`);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await answer.next();
        if (done) controller.close();
        else controller.enqueue(line(JSON.stringify(value)));
      } catch (error) {
        if (gone.signal.aborted) return; // nobody reads any more
        controller.enqueue(line(await errorResponse(error, requestId).text()));
        controller.close();
      }
    },
    cancel() {
      gone.abort();
    },
  });
}
