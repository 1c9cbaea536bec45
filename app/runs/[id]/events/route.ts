import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { logFailure } from '#app/_server/log-failure.ts';
import { getRun } from '#lib/model-factory/queries.ts';
import { type RunStreamItem, streamRun } from '#lib/model-factory/stream-run.ts';

/**
 * Server-sent events of a run: unnamed events with id = seq, `run` when its state changes, `end` as the last. A browser that
 * reconnects sends Last-Event-ID and goes on there; the page's first connection passes `after`.
 */
export const GET = defineRoute({
  input: z.object({ id: z.string(), after: z.coerce.number().int().min(0).default(0) }),
  auth: 'visitor',
  limit: { name: 'run-events', max: 120, windowSeconds: 60 },
  run: async ({ deps, input, request, requestId }) => {
    await getRun(deps.db, input.id);
    const lastId = Number(request.headers.get('last-event-id') ?? 'NaN');
    const afterSeq = Number.isSafeInteger(lastId) && lastId >= 0 ? lastId : input.after;
    const items = streamRun(deps, { runId: input.id, afterSeq, signal: request.signal });
    return new Response(toBody(items, requestId), {
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no', // proxies that buffer would hold the curve back
      },
    });
  },
});

function toBody(items: AsyncGenerator<RunStreamItem>, requestId: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let isGone = false;
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value, done } = await items.next();
        if (isGone) return; // the reader left while we waited
        if (done) controller.close();
        else controller.enqueue(encoder.encode(toText(value)));
      } catch (error) {
        if (isGone) return;
        // The connection breaks and the browser comes back with Last-Event-ID.
        logFailure(error, requestId, 'run_stream');
        controller.error(error);
      }
    },
    cancel() {
      isGone = true; // request.signal ends the generator
    },
  });
}

function toText(item: RunStreamItem): string {
  switch (item.kind) {
    case 'event':
      return `id: ${item.event.seq}\ndata: ${JSON.stringify(item.event)}\n\n`;
    case 'run':
      return `event: run\ndata: ${JSON.stringify(item.run)}\n\n`;
    case 'beat':
      return ': still here\n\n';
    case 'end':
      return 'event: end\ndata: {}\n\n';
    default:
      return item satisfies never;
  }
}
