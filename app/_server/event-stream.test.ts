import { expect, it, vi } from 'vitest';
import { dataEvent, eventStream, failureEvent } from './event-stream.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

async function* events(count: number, failure?: Error): AsyncGenerator<string> {
  for (let i = 0; i < count; i++) yield dataEvent({ i });
  if (failure) throw failure;
}

it('sends events in order and ends', async () => {
  const response = eventStream(events(2), { onFailure: async () => null });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(await response.text()).toBe('data: {"i":0}\n\ndata: {"i":1}\n\n');
});

it('ends with an event that says a failure, in the shape of an answer', async () => {
  const text = await eventStream(events(1, new Error('secret')), {
    onFailure: (error) => failureEvent(error, 'req_1'),
  }).text();
  expect(text).toMatch(/^data: {"i":0}\n\ndata: {"error":.*"request_id":"req_1".*}\n\n$/);
  expect(text).not.toContain('secret');
});

it('breaks the connection where there is no such event', async () => {
  const response = eventStream(events(1, new Error('gone wrong')), { onFailure: async () => null });
  await expect(response.text()).rejects.toThrow('gone wrong');
});

it('ends the events when the reader leaves, and still hears of a failure after that', async () => {
  const leaving = Promise.withResolvers<void>();
  async function* slow(): AsyncGenerator<string> {
    yield dataEvent(1);
    await leaving.promise;
    throw new Error('not written down');
  }
  const onFailure = vi.fn(async () => null);
  const reader = eventStream(slow(), { onFailure, onGone: leaving.resolve }).body!.getReader();
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('data: 1\n\n');
  await new Promise(setImmediate); // the stream asks for the next event ahead of its reader
  await reader.cancel();
  await vi.waitFor(() => expect(onFailure).toHaveBeenCalledOnce());
});
