import { errorResponse } from './error-response.ts';

/** One unnamed server-sent event with JSON as its data. */
export function dataEvent(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** A failure as the last event of a stream: the body that it would have as an answer of its own. */
export async function failureEvent(error: unknown, requestId: string): Promise<string> {
  return `data: ${await errorResponse(error, requestId).text()}\n\n`;
}

/**
 * A response of server-sent events, each sent as soon as its reader has room for it.
 *
 * @param onFailure what `events` threw: gives a last event that says it, or null to break the connection, so that the reader comes back.
 * Also asked when the reader has left, because a failure may matter without him; nothing is sent then
 * @param onGone the reader left: ends what makes the events
 */
export function eventStream(
  events: AsyncIterator<string>,
  handlers: { onFailure: (error: unknown) => Promise<string | null>; onGone?: () => void | Promise<void> },
): Response {
  const encoder = new TextEncoder();
  let isGone = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await events.next();
        if (isGone) return;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        const last = await handlers.onFailure(error);
        if (isGone) return;
        if (last === null) return controller.error(error);
        controller.enqueue(encoder.encode(last));
        controller.close();
      }
    },
    async cancel() {
      isGone = true;
      await handlers.onGone?.();
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no', // proxies that buffer would hold it back
    },
  });
}
