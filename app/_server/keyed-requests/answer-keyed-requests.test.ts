import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readBytes } from '../read-input.ts';
import { answerKeyedRequests } from './answer-keyed-requests.ts';

let server: Server;
let undo: () => void;
let ended: Promise<unknown>;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** A site whose own answers say `next`, with one keyed route before it. */
beforeEach(async () => {
  const [cancelled, aborted] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  ended = Promise.all([cancelled.promise, aborted.promise]);
  undo = answerKeyedRequests(
    new Map([
      [
        '/api/ask',
        async (asked) => {
          const { searchParams } = new URL(asked.url);
          if (searchParams.has('throws')) throw new Error('a handler never does');
          if (searchParams.has('stream')) {
            const body = new ReadableStream({
              pull: (controller) => controller.enqueue(Buffer.alloc(2 ** 16, 'x')),
              cancel: () => cancelled.resolve(),
            });
            asked.signal.addEventListener('abort', () => aborted.resolve());
            return new Response(body);
          }
          const body = await readBytes(asked, 1_000).catch((error: { code: string }) => error.code);
          return new Response(`${asked.headers.get('authorization')} ${body}`, {
            status: 202,
            headers: { 'x-own': '1' },
          });
        },
      ],
    ]),
  );
  server = createServer((_asked, response) => response.end('next'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  undo();
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

type Sent = { path?: string; method?: string; headers?: Record<string, string>; body?: string };

async function send({ path = '/api/ask', method = 'POST', headers = {}, body = '' }: Sent): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const asked = request({ port, path, method, agent, headers: { authorization: 'Bearer olk_1', ...headers } });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

test('a request with a key goes to its route, with the headers that every answer of the API has', async () => {
  const answer = await send({ body: 'words' });
  expect(await text(answer)).toBe('Bearer olk_1 words');
  expect(answer.statusCode).toBe(202);
  expect(answer.headers).toMatchObject({
    'x-own': '1',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  expect(await text(await send({ body: 'again' }))).toBe('Bearer olk_1 again');
});

test.each<Sent>([
  { headers: { authorization: '' } },
  { headers: { authorization: 'Basic abc' } },
  { method: 'GET' },
  { path: '/api/ask/more' },
  { path: '/api/other' },
])('%j is left to Next', async (sent) => {
  expect(await text(await send(sent))).toBe('next');
});

test('a body that is refused half way is told why, and its rest is no next request', async () => {
  const answer = await send({ body: `${'x'.repeat(2 ** 20)}` });
  expect(await text(answer)).toBe('Bearer olk_1 payload_too_large');
  expect(answer.headers.connection).toBe('close');
  expect(await text(await send({ body: 'next one' }))).toBe('Bearer olk_1 next one');
});

test('who goes away while an answer streams ends it', async () => {
  const answer = await send({ path: '/api/ask?stream=1' });
  answer.once('error', () => {});
  answer.once('data', () => answer.destroy());
  await ended;
});

test('a handler that breaks closes the connection', async () => {
  await expect(send({ path: '/api/ask?throws=1' })).rejects.toThrow(/hang up|reset/);
});
