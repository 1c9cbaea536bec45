import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { PgBoss } from 'pg-boss';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { channels } from '#db/schema/settlement.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { variables } from '#lib/platform/env.ts';
import { deployment, payer } from '#lib/serving/test-support/serving-fixture.ts';
import { internalToken, openServeWorld, type ServeWorld } from './test-support/serve-world.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

type Route = (request: Request, route: { params: Promise<Record<string, unknown>> }) => Promise<Response>;
const routes: Record<string, Route> = {};
let world: ServeWorld;
let client: OpenAI;

beforeAll(async () => {
  world = await openServeWorld();
  const deploymentFile = join(world.dir, 'deployment.json');
  writeFileSync(deploymentFile, JSON.stringify(deployment));
  const settings = {
    ...{ APP_URL: 'http://localhost:3000', RPC_URL: 'http://127.0.0.1:1', DATABASE_URL: world.database.url },
    ...{ DEPLOYMENT_FILE: deploymentFile, SERVE_URL: world.deps.env.SERVE_URL, LOG_LEVEL: 'silent' },
    ...{ INTERNAL_TOKEN: internalToken, SESSION_SECRET: internalToken, OBJECT_STORE_DIR: join(world.dir, 'objects') },
    ...{ OPERATOR_PRIVATE_KEY: variables.OPERATOR_PRIVATE_KEY.example, METRICS_TOKEN: 'm'.repeat(32) },
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  routes['/api/v1/chat/completions'] = (await import('#app/api/v1/chat/completions/route.ts')).POST;
  routes['/api/v1/adapters'] = (await import('#app/api/v1/adapters/route.ts')).GET;
  routes['/api/v1/metrics'] = (await import('#app/api/v1/metrics/route.ts')).GET;
}, 60_000);
afterAll(async () => {
  const { openledgerQueue } = globalThis as { openledgerQueue?: Promise<PgBoss> };
  await (await openledgerQueue)?.stop({ graceful: false });
  await world?.close();
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  await world.reset();
  await world.deposit();
  const input = { name: 'test', budgetWei: 1_000_000n };
  const { key } = await createApiKey(world.deps, { kind: 'account', address: payer }, input);
  client = new OpenAI({ baseURL: 'http://localhost/api/v1', apiKey: key, maxRetries: 0, fetch: viaRoutes });
});

/** The network between the client and our routes: the real handlers, without Next's server around them. */
const viaRoutes = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
  const request = new Request(url, init);
  return routes[new URL(request.url).pathname]!(request, { params: Promise.resolve({}) });
};
const ask = {
  model: 'one-model',
  messages: [{ role: 'user' as const, content: 'what colour is the river?' }],
  max_completion_tokens: 6,
  temperature: 0,
};
const refused = async (more: object) => {
  const error = await client.chat.completions
    .create({ ...ask, ...more } as typeof ask)
    .catch((reason: unknown) => reason);
  if (!(error instanceof OpenAI.APIError)) throw new Error('it was not refused');
  const { status, code, type, param, message, headers } = error;
  return { status, code, type, param, message, retryAfter: headers?.get('retry-after') ?? null };
};

describe('the official openai client', () => {
  it('gets a whole answer with logprobs, charged once', async () => {
    const answer = await client.chat.completions.create({ ...ask, logprobs: true, top_logprobs: 2, seed: 1 });
    const [choice] = answer.choices;
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'one-model' });
    expect(choice).toMatchObject({ index: 0, message: { role: 'assistant', refusal: null } });
    const logprobs = choice!.logprobs!.content!;
    expect(logprobs).toHaveLength(answer.usage!.completion_tokens);
    expect(logprobs[0]).toMatchObject({
      top_logprobs: [{ logprob: logprobs[0]!.logprob }, { token: expect.any(String) }],
    });
    const wei = answer.usage!.prompt_tokens * 10 + answer.usage!.completion_tokens * 100;
    expect(await world.database.db.select().from(channels)).toMatchObject([
      { chargedWei: BigInt(wei), reservedWei: 0n },
    ]);
  });

  it('gets the same answer streamed, with usage in the last chunk alone', async () => {
    const whole = await client.chat.completions.create(ask);
    const stream = await client.chat.completions.create({
      ...{ ...ask, stream: true as const, stream_options: { include_usage: true }, logprobs: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]!.message.content,
    );
    expect(chunks.flatMap(({ choices }) => choices[0]?.logprobs?.content ?? [])).toHaveLength(6);
    expect(chunks.filter(({ usage }) => usage)).toEqual([chunks.at(-1)]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: whole.usage });
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe(whole.choices[0]!.finish_reason);
  });

  it('may send an answer back in the conversation', async () => {
    const first = await client.chat.completions.create(ask);
    const messages = [...ask.messages, first.choices[0]!.message, ask.messages[0]!];
    expect((await client.chat.completions.create({ ...ask, messages })).usage!.prompt_tokens).toBeGreaterThan(
      first.usage!.prompt_tokens,
    );
  });

  it.each<[object, string]>([
    [{ temperature: 3 }, 'temperature'],
    [{ n: 2 }, 'n'],
    [{ tools: [] }, 'tools'],
    [{ logit_bias: { 5: 1 } }, 'logit_bias'],
    [{ top_k: -5 }, 'top_k'],
    [{ top_logprobs: 2 }, 'top_logprobs'],
  ])('is told which field is wrong: %j', async (more, param) => {
    const error = { status: 400, code: 'invalid_input', type: 'invalid_request_error', param };
    expect(await refused(more)).toMatchObject({ ...error, message: expect.stringContaining(param) });
  });

  it('is told when to come back while the model server is restarted, and nothing is held', async () => {
    world.lifecycle.state = 'draining';
    const error = { status: 503, code: 'serve_overloaded', type: 'service_unavailable_error', retryAfter: '3' };
    expect(await refused({})).toMatchObject(error);
    expect(await refused({ stream: true })).toMatchObject(error);
    expect(await world.database.db.select().from(channels)).toMatchObject([{ chargedWei: 0n, reservedWei: 0n }]);
  });

  it('is refused with a wrong key', async () => {
    client.apiKey = 'olk_wrong';
    expect(await refused({})).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });
});

describe('the routes beside it', () => {
  const headers = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  it('list adapters in pages', async () => {
    await client.chat.completions.create(ask);
    const page = await (await viaRoutes('http://localhost/api/v1/adapters?limit=1', headers(client.apiKey!))).json();
    expect(page).toMatchObject({
      ...{ object: 'list', next_cursor: null },
      data: [{ id: 'ad_1', object: 'adapter', model: 'one-model', base_model: 'nano', rank: 4, state: 'hot' }],
    });
    const wrong = await viaRoutes('http://localhost/api/v1/adapters?limit=0', headers(client.apiKey!));
    expect(await wrong.json()).toMatchObject({ error: { param: 'limit' } });
  });

  it('show metrics to the operator alone', async () => {
    const metrics = (token: string) => viaRoutes('http://localhost/api/v1/metrics', headers(token));
    const page = await metrics('m'.repeat(32));
    expect(page.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await page.text()).toMatch(
      /^# HELP openledger_serve_up .*\n# TYPE openledger_serve_up gauge\nopenledger_serve_up 1\n/,
    );
    expect((await metrics(client.apiKey!)).status).toBe(401);
  });
});
