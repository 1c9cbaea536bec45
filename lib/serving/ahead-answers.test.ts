import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Env } from '#lib/platform/env.ts';
import { AheadAnswers } from './ahead-answers.ts';
import type { AnswerRequest } from './answer-request.ts';
import { serveRequestOf } from './serve-request.ts';

/** What the serve process was asked, each with whether its client went away. */
let asked: { body: unknown; gone: Promise<unknown> }[] = [];
let arrived = Promise.withResolvers<void>();
let server: Server;
let nowMs = 0;
let ahead: AheadAnswers;

beforeEach(async () => {
  [asked, nowMs, arrived] = [[], 0, Promise.withResolvers<void>()];
  ahead = new AheadAnswers(() => nowMs);
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    asked.push({ gone: once(response, 'close'), body: JSON.parse(await text(request)) });
    response.write(`${JSON.stringify({ type: 'prompt', promptIds: [1, 2], contextTokens: 9 })}\n`);
    arrived.resolve();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const deps = () => {
  const { port } = server.address() as AddressInfo;
  return { env: { SERVE_URL: `http://127.0.0.1:${port}`, INTERNAL_TOKEN: 'x' } as Env };
};
const request: AnswerRequest = {
  ...{ model: 'one-model', messages: [{ role: 'user', content: 'what?' }], isPlain: false, maxTokens: 4 },
  sampling: { temperature: 0, topP: 1, seed: undefined },
};
const to = { adapterId: 'ad_1', queueCaller: 'me' };
const { signal } = new AbortController();

it('the same question of a key that had an answer is begun, and used once', async () => {
  expect(ahead.knows('olk_a')).toBe(false);
  ahead.remember('olk_a', { ...to, model: 'one-model' });
  expect([ahead.knows('olk_a'), ahead.knows('olk_b')]).toEqual([true, false]);
  const begun = ahead.begin(deps(), 'olk_a', [request])!;
  const answer = await begun.take(serveRequestOf(request, to), signal)!;
  expect(answer).toMatchObject({ promptIds: [1, 2], contextTokens: 9 });
  expect(asked).toMatchObject([{ body: { adapterId: 'ad_1', caller: 'me', maxTokens: 4, announce: true } }]);
  expect(begun.take(serveRequestOf(request, to), signal)).toBeNull();
  begun.cancel(); // what was taken goes on
  expect(ahead.knows('olk_a')).toBe(true);
  answer.cancel();
  await asked[0]!.gone;
});

it.each([
  { ...serveRequestOf(request, to), adapterId: 'ad_2' },
  { ...serveRequestOf(request, to), caller: 'another' },
  { ...serveRequestOf(request, to), maxTokens: 5 },
  { ...serveRequestOf(request, to), messages: [{ role: 'user' as const, content: 'what else?' }] },
])('is not used for anything else, ends there, and its key waits for its next answer: %j', async (other) => {
  ahead.remember('olk_a', { ...to, model: 'one-model' });
  const begun = ahead.begin(deps(), 'olk_a', [request])!;
  await arrived.promise;
  expect(begun.take(other, signal)).toBeNull();
  begun.cancel();
  await asked[0]!.gone;
  expect(ahead.knows('olk_a')).toBe(false);
});

it('is not begun where the question could become another one, nor a minute later', () => {
  ahead.remember('olk_a', { ...to, model: 'one-model' });
  const begin = (...requests: AnswerRequest[]) => ahead.begin(deps(), 'olk_a', requests);
  expect(begin(request, request)).toBeNull();
  expect(begin({ ...request, retrieval: { rows: 2 } })).toBeNull();
  expect(begin({ ...request, model: 'another' })).toBeNull();
  nowMs = 60_000;
  expect(ahead.knows('olk_a')).toBe(false);
});

it('ends with the client that asked', async () => {
  ahead.remember('olk_a', { ...to, model: 'one-model' });
  const client = new AbortController();
  const answer = await ahead.begin(deps(), 'olk_a', [request])!.take(serveRequestOf(request, to), client.signal)!;
  client.abort();
  await asked[0]!.gone;
  await expect(answer.events.next()).rejects.toThrow();
});
