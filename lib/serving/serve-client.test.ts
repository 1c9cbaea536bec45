import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Env } from '#lib/platform/env.ts';
import { openAnswer, renderPrompt, type ServeToken } from './serve-client.ts';

/** What the serve process answers, as worker/serve/respond.ts writes it. */
let answer = { status: 200, body: '' };
/** Bytes that it writes at a time; null: all at once. */
let piecesOf: number | null = null;
let server: Server;
const deps = () => {
  const { port } = server.address() as AddressInfo;
  return { env: { SERVE_URL: `http://127.0.0.1:${port}`, INTERNAL_TOKEN: 'x' } as Env };
};

beforeAll(async () => {
  server = createServer(async (_request, response) => {
    response.writeHead(answer.status);
    const bytes = Buffer.from(answer.body);
    for (let at = 0; piecesOf !== null && at < bytes.length; at += piecesOf) {
      response.write(bytes.subarray(at, at + piecesOf));
      await new Promise(setImmediate);
    }
    response.end(piecesOf === null ? bytes : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

it.each([
  [400, 'chat_template_failed', { code: 'conversation_refused', message: expect.stringContaining('must alternate') }],
  [503, 'queue_full', { code: 'serve_overloaded' }],
  [422, 'adapter_base_mismatch', { code: 'adapter_base_replaced' }],
  [500, 'internal', { code: 'serve_unavailable' }],
])('a %i with the code %s is thrown as what it means to the caller', async (status, code, expected) => {
  answer = { status, body: JSON.stringify({ error: { code, message: 'The roles must alternate.' } }) };
  await expect(renderPrompt(deps(), 'ad_1', [])).rejects.toMatchObject(expected);
});

it('an answer that is no JSON is the serve process failing', async () => {
  answer = { status: 502, body: '<html>' };
  await expect(renderPrompt(deps(), 'ad_1', [])).rejects.toMatchObject({ code: 'serve_unavailable' });
});

const request = { adapterId: 'ad_1', messages: [], caller: 'x', maxTokens: 4, temperature: 0, topP: 1 };
const prompt = { type: 'prompt', promptIds: [1, 2], contextTokens: 9 };
const token = { type: 'token', tokenId: 3, text: 'é😀', logprob: null };
const done = { type: 'done', finishReason: 'stop', promptIds: [1, 2], completionIds: [3], usage: {} };
const full = { type: 'error', code: 'queue_full', message: 'no place', retryAfterSeconds: 7 };

/** The answer's lines; `says` is what the serve process says after the prompt. */
async function read(...says: object[]) {
  answer = { status: 200, body: [prompt, ...says].map((line) => `${JSON.stringify(line)}\n`).join('') };
  const open = await openAnswer(deps(), request, new AbortController().signal);
  const texts: string[] = [];
  for await (const event of open.events) if (event.type === 'token') texts.push((event as ServeToken).text);
  return { promptIds: open.promptIds, contextTokens: open.contextTokens, texts };
}

it('an answer says its prompt first, then its tokens, whole whatever pieces they come in', async () => {
  piecesOf = 3;
  expect(await read(token, done)).toEqual({ promptIds: [1, 2], contextTokens: 9, texts: ['é😀'] });
  piecesOf = null;
});

it('what is refused before the first token is a refusal, and after it a broken answer', async () => {
  await expect(read(full)).rejects.toMatchObject({ code: 'serve_overloaded', retryAfterSeconds: 7 });
  await expect(read(token, full)).rejects.toMatchObject({ code: 'serve_unavailable' });
  await expect(read(token)).rejects.toMatchObject({ code: 'serve_unavailable' });
  answer = { status: 200, body: '' };
  await expect(openAnswer(deps(), request, new AbortController().signal)).rejects.toMatchObject({
    code: 'serve_unavailable',
  });
});
