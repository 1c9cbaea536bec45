import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { dataEvent, eventStream } from '#app/_server/event-stream.ts';
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
    return eventStream(textsOf(items), {
      // The connection breaks and the browser comes back with Last-Event-ID.
      async onFailure(error) {
        if (!request.signal.aborted) logFailure(error, requestId, 'run_stream');
        return null;
      },
    });
  },
});

async function* textsOf(items: AsyncGenerator<RunStreamItem>): AsyncGenerator<string> {
  for await (const item of items) yield toText(item);
}

function toText(item: RunStreamItem): string {
  switch (item.kind) {
    case 'event':
      return `id: ${item.event.seq}\n${dataEvent(item.event)}`;
    case 'run':
      return `event: run\n${dataEvent(item.run)}`;
    case 'beat':
      return ': still here\n\n';
    case 'end':
      return `event: end\n${dataEvent({})}`;
    default:
      return item satisfies never;
  }
}
