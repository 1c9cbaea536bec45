import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Env } from '#lib/platform/env.ts';
import { renderPrompt } from './serve-client.ts';

/** What the serve process answers, as worker/serve/respond.ts writes it. */
let answer = { status: 200, body: '' };
let server: Server;
const deps = () => {
  const { port } = server.address() as AddressInfo;
  return { env: { SERVE_URL: `http://127.0.0.1:${port}`, INTERNAL_TOKEN: 'x' } as Env };
};

beforeAll(async () => {
  server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
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
