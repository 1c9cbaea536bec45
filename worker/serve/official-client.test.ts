import { eq, sql } from 'drizzle-orm';
import OpenAI from 'openai';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiKeys } from '#db/schema/auth.ts';
import { adapters, inferences } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { setModelAccess } from '#lib/passes/set-model-access.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { revokeApiKey } from '#lib/platform/auth/revoke-api-key.ts';
import { requestsOfChat } from '#lib/serving/answer-request.ts';
import { openAnswers } from '#lib/serving/open-answers.ts';
import { chatCompletionSchema } from '#lib/serving/schema.ts';
import { addressOf, payer } from '#lib/serving/test-support/serving-fixture.ts';
import { openClientWorld, viaRoutes } from './test-support/client-world.ts';

vi.mock('server-only', () => ({})); // it throws outside Next; nothing of ours is replaced

let world: Awaited<ReturnType<typeof openClientWorld>>;
let client: OpenAI;

beforeAll(async () => {
  world = await openClientWorld();
}, 60_000);
afterAll(() => world?.close());
beforeEach(async () => {
  await world.reset();
  await world.deposit();
  client = await world.clientOf();
});

const ask = {
  model: 'one-model',
  messages: [{ role: 'user' as const, content: 'what colour is the river?' }],
  max_completion_tokens: 6,
  temperature: 0,
};
const revokeAll = () => world.database.db.update(apiKeys).set({ revokedAt: new Date() });
const refused = async (more: object) => {
  const error = await client.chat.completions
    .create({ ...ask, ...more } as typeof ask)
    .catch((reason: unknown) => reason);
  if (!(error instanceof OpenAI.APIError)) throw new Error('it was not refused');
  const { status, code, type, param, message, headers } = error;
  return { status, code, type, param, message, retryAfter: headers?.get('retry-after') ?? null };
};

describe('the official openai client', () => {
  it('needs three statements of the database until the first token', async () => {
    await client.chat.completions.create(ask); // the adapter is in memory then
    const known = /start_inference|from api_keys|from "adapters"|delete from "rate_limits"/;
    const statements = async () => {
      await world.idle();
      const query = vi.spyOn(pg.Client.prototype, 'query');
      const stream = await client.chat.completions.create({ ...ask, stream: true });
      const asked = query.mock.calls.map(([statement]) => statement as { name?: string; text?: string });
      query.mockRestore();
      for await (const _chunk of stream);
      const steps = asked.map(({ name, text }) => name ?? known.exec(text ?? '')?.[0] ?? text);
      return steps.filter((step) => step !== 'delete from "rate_limits"'); // a minute's first request clears up
    };
    // One of them may meet what is written after the answer before it. That of "adapters" is the serve process's own, which is asked
    // meanwhile (ahead-answers.ts).
    const counted = [await statements(), await statements(), await statements()];
    const needed = ['find_servable_model', 'from "adapters"', 'from api_keys', 'start_inference'];
    expect(counted.map((steps) => steps.toSorted())).toContainEqual(needed);
    for (const steps of counted)
      expect(steps.indexOf('start_inference')).toBeGreaterThan(steps.indexOf('find_servable_model'));
  });

  it('is refused with a revoked key although its answer was begun, and nothing is held or charged', async () => {
    await client.chat.completions.create(ask);
    await world.idle();
    const before = await world.database.db.select().from(channels);
    const generated = vi.spyOn((await world.pool.list())[0]!.model.backend, 'generate');
    await revokeAll();
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 401 });
    await expect(client.chat.completions.create(ask)).rejects.toMatchObject({ status: 401 });
    await world.idle();
    expect(generated.mock.calls.length).toBeLessThanOrEqual(1);
    generated.mockRestore();
    expect(await world.database.db.select().from(channels)).toEqual(before);
    expect(await world.database.db.$count(inferences)).toBe(1);
  });

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
    [{ n: 9 }, 'n'],
    [{ attribution: 'some' }, 'attribution'],
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

  it('is refused n answers together when one of them is: nothing is held or charged', async () => {
    const requests = requestsOfChat(chatCompletionSchema.parse({ ...ask, n: 2 }));
    const { apiKey } = await createApiKey(
      world.deps,
      { kind: 'account', address: payer },
      { name: 'k', budgetWei: 900n },
    );
    const caller = { kind: 'api-key' as const, callerKey: payer, payer, apiKeyId: apiKey.id };
    const { signal } = new AbortController();
    const both = openAnswers(world.deps, caller, { requests, idempotencyKey: 'two', signal });
    await expect(both).rejects.toThrow(/budget|as many requests/); // whichever is reached first
    expect(await world.database.db.select().from(channels)).toMatchObject([{ chargedWei: 0n, reservedWei: 0n }]);
    const answers = await world.database.db.select({ status: inferences.status }).from(inferences);
    expect(answers.filter(({ status }) => status !== 'failed')).toEqual([]);
  });

  it('is refused without a pass, with what one costs, and answered with one; a broken answer takes nothing off it', async () => {
    const { db } = world.database;
    const owner = { kind: 'account' as const, address: addressOf(3) };
    const sold = { amount: 2, priceWei: '700' };
    await setModelAccess(world.deps, owner, { model: 'one-model', access: 'holders', days: null, answers: sold });
    const error = await client.chat.completions.create(ask).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      ...{ status: 403, code: 'pass_required', type: 'permission_error' },
      error: { facts: { model: 'one-model', answers: 2, answersWei: '700' } },
    });
    const body = { kind: 'answers', ...sold, idempotencyKey: 'pass-of-a-key' };
    await client.post('/models/one-model/passes', { body });
    await client.chat.completions.create(ask);
    const access = () => client.get('/models/one-model/passes');
    const held = { source: 'bought', state: 'usable', answers: 2, answersLeft: 1, priceWei: '700' };
    expect(await access()).toMatchObject({ mayAsk: true, isOwner: false, passes: [held] });
    await db.update(adapters).set({ baseModel: 'big' });
    world.gpu.fault = { after: 2, kind: 'break' };
    const stream = await client.chat.completions.create({ ...ask, stream: true });
    const read = async () => {
      for await (const _chunk of stream);
    };
    await expect(read()).rejects.toThrow();
    world.gpu.fault = null;
    expect(await access()).toMatchObject({ passes: [held] });
    expect(await db.select().from(channels)).toMatchObject([{ reservedWei: 0n }]);
  });

  it('goes on with a text, without the chat template, whole and streamed', async () => {
    const plain = { model: 'one-model', prompt: 'the old man', max_tokens: 5, temperature: 0 };
    const whole = await client.completions.create({ ...plain, logprobs: 2 });
    expect(whole).toMatchObject({ object: 'text_completion', model: 'one-model' });
    const chat = await client.chat.completions.create({ ...ask, messages: [{ role: 'user', content: plain.prompt }] });
    expect(whole.usage!.prompt_tokens).toBeLessThan(chat.usage!.prompt_tokens);
    const { tokens, token_logprobs, text_offset, top_logprobs } = whole.choices[0]!.logprobs!;
    const made = whole.usage!.completion_tokens;
    expect([tokens, token_logprobs, text_offset, top_logprobs].map((list) => list!.length)).toEqual(
      Array(4).fill(made),
    );
    expect(Object.keys(top_logprobs![0]!)).toHaveLength(2);
    let text = '';
    for await (const chunk of await client.completions.create({ ...plain, stream: true }))
      text += chunk.choices[0]?.text;
    expect(text).toBe(whole.choices[0]!.text);
  });

  it('gets vectors of texts and tokens, in both formats, and is told which texts are too long', async () => {
    const model = 'one-model';
    const input = ['the river is blue', 'the old man'];
    // The client asks for base64 by itself and decodes it.
    const { data, usage } = await client.embeddings.create({ model, input });
    const floats = await client.embeddings.create({ model, input, encoding_format: 'float' });
    expect(floats.data.map(({ index }) => index)).toEqual([0, 1]);
    for (const [i, { embedding }] of data.entries()) {
      expect(embedding).toHaveLength(32);
      expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
      expect(floats.data[i]!.embedding).toEqual(Array.from(embedding));
    }
    expect(usage.prompt_tokens).toBeGreaterThan(4);
    const tokens = await client.embeddings.create({ model, input: [5, 6, 7] });
    expect(tokens.usage).toEqual({ prompt_tokens: 3, total_tokens: 3 });
    const refused = (body: object) =>
      client.embeddings.create({ model, input: 'x', ...body }).catch((error: unknown) => error);
    expect(await refused({ model: 'none' })).toMatchObject({ status: 404, code: 'model_not_found' });
    expect(await refused({ input: 'long '.repeat(200) })).toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    });
    expect(await refused({ input: '' })).toMatchObject({ status: 400, param: 'input' });
    expect(await refused({ dimensions: 8 })).toMatchObject({ status: 400, param: 'dimensions' });
    expect(await refused({ input: [4_000_000] })).toMatchObject({ status: 400, code: 'unknown_token' });
  });

  it('lists models with the base that they were trained on', async () => {
    const [model] = (await client.models.list()).data;
    expect(model).toMatchObject({ id: 'one-model', object: 'model', root: 'nano', parent: 'nano' });
  });

  it('is told its rate limit with every answer', async () => {
    const { response } = await client.models.list().withResponse();
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('600');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('599');
    expect(response.headers.get('x-ratelimit-reset-requests')).toMatch(/^\d+s$/);
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    await world.database.db.execute(sql`update rate_limits set count = 600 where key like 'read:%'`);
    const error = (await client.models.list().catch((reason: unknown) => reason)) as InstanceType<
      typeof OpenAI.APIError
    >;
    expect(error).toMatchObject({ status: 429, code: 'too_many_requests', type: 'rate_limit_error' });
    expect(error.headers!.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(Number(error.headers!.get('retry-after'))).toBeGreaterThan(0);
  });

  it('gets the first answer again under its idempotency key, and is refused when the request is another', async () => {
    const headers = { headers: { 'idempotency-key': 'once' } };
    const first = await client.chat.completions.create(ask, headers);
    const charged = await world.database.db.select().from(channels);
    const again = await client.chat.completions.create(ask, headers);
    expect(again).toMatchObject({ id: first.id, choices: first.choices, usage: first.usage });
    const other = { ...ask, messages: [{ role: 'user' as const, content: 'another question' }] };
    const error = await client.chat.completions.create(other, headers).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 409, code: 'idempotency_mismatch' });
    expect((error as InstanceType<typeof OpenAI.APIError>).headers!.get('x-should-retry')).toBe('false');
    expect(await world.database.db.select().from(channels)).toEqual(charged);
  });

  it('is told who earns where it asks, or where to look when that takes longer', async () => {
    const asked = client.chat.completions.create({ ...ask, attribution: 'shares' } as typeof ask);
    await vi.waitFor(async () => {
      const marked = await world.database.db
        .update(inferences)
        .set({ attributionStatus: 'failed' })
        .where(eq(inferences.attributionStatus, 'queued'))
        .returning();
      expect(marked).toHaveLength(1);
    });
    expect((await asked) as object).toMatchObject({
      openledger: { attribution: { status: 'not-attributed', receipt: expect.stringMatching(/receipts\/rcp_/) } },
    });
  });

  it('is refused what its key was not made for', async () => {
    client = await world.clientOf(payer, { scopes: ['data'] });
    expect(await refused({})).toMatchObject({ status: 403, code: 'api_key_scope', type: 'permission_error' });
    expect((await client.models.list()).data).toHaveLength(1);
  });

  it('is refused with a key that has ended, and with one that was revoked, at once', async () => {
    const owner = { kind: 'account' as const, address: payer };
    const { key, apiKey } = await createApiKey(world.deps, owner, { name: 'short', budgetWei: 1_000_000n });
    client.apiKey = key;
    await client.models.list();
    await revokeApiKey(world.deps, owner, { id: apiKey.id });
    expect(await refused({})).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('reads an address that is not there as a refusal', async () => {
    const error = await client.get('/assistants').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 404, code: 'unknown_url' });
  });

  it('is refused with a wrong key', async () => {
    client.apiKey = 'olk_wrong';
    expect(await refused({})).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });
});

describe('refusals', () => {
  const post = (path: string, key: string | null, body: string, more: Record<string, string> = {}) =>
    world.inTurn(`http://localhost/api/v1${path}`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }), ...more },
    });
  const chat = (key: string | null, change: object = {}, more: Record<string, string> = {}) =>
    post('/chat/completions', key, JSON.stringify({ ...ask, ...change }), more);

  it('have OpenAI’s shape, an id of the request, and say when to come back: twelve kinds', async () => {
    const key = client.apiKey!;
    const keyOf = async (...input: Parameters<typeof world.clientOf>) => (await world.clientOf(...input)).apiKey!;
    const long = [{ role: 'user', content: 'long '.repeat(400) }];
    const once = { 'idempotency-key': 'twelve' };
    await chat(key, {}, once);
    const answers: [string, Response][] = [
      ['400 body', await post('/chat/completions', key, '{')],
      ['400 temperature', await chat(key, { temperature: 3 })],
      ['400 context_length_exceeded', await chat(key, { messages: long })],
      ['401 invalid_api_key', await chat('olk_wrong')],
      ['402 api_key_budget', await chat(await keyOf(payer, { budgetWei: 1n }))],
      ['402 no_channel', await chat(await keyOf(addressOf(77)))],
      ['403 api_key_scope', await chat(await keyOf(payer, { scopes: ['data'] }))],
      ['404 model_not_found', await chat(key, { model: 'none' })],
      ['404 unknown_url', await post('/assistants', key, '{}')],
      ['409 idempotency_mismatch', await chat(key, { seed: 5 }, once)],
    ];
    world.lifecycle.state = 'draining';
    answers.push(['503 serve_overloaded', await chat(key)]);
    await world.database.db.execute(sql`update rate_limits set count = 100000`);
    answers.push(['429 too_many_requests', await chat(key)]);
    for (const [expected, response] of answers) {
      const { error } = (await response.json()) as { error: Record<string, unknown> };
      expect(`${response.status} ${error.param ?? error.code}`, JSON.stringify(error)).toBe(expected);
      expect(error).toMatchObject({ message: expect.stringMatching(/\w/), type: expect.stringMatching(/^[a-z_]+$/) });
      expect(Object.keys(error)).toEqual(expect.arrayContaining(['message', 'type', 'param', 'code']));
      expect(response.headers.get('x-request-id')).toBe(error.request_id);
      expect(response.headers.has('retry-after')).toBe(response.status === 429 || response.status === 503);
    }
  });

  it('for want of a place do not keep the price from being told', async () => {
    const model = await world.pool.get('nano');
    const { capacity } = model;
    model.capacity = 0;
    try {
      expect(await (await chat(client.apiKey!)).json()).toMatchObject({ error: { code: 'serve_overloaded' } });
      const quote = await post('/quote', client.apiKey!, JSON.stringify({ model: ask.model, messages: ask.messages }));
      expect(await quote.json()).toMatchObject({ promptTokens: expect.any(Number) });
    } finally {
      model.capacity = capacity;
    }
  });

  it('in the middle of a stream are one line of data, after which it ends', async () => {
    await world.database.db.update(adapters).set({ baseModel: 'big' });
    world.gpu.fault = { after: 2, kind: 'break' };
    const text = await (await chat(client.apiKey!, { stream: true })).text();
    world.gpu.fault = null;
    const lines = text.split('\n\n').filter((line) => line.startsWith('data: '));
    const errors = lines.map((line) => line.includes('"error"'));
    expect(errors.indexOf(true)).toBe(lines.length - 1);
    const { error } = JSON.parse(lines.at(-1)!.slice('data: '.length)) as { error: Record<string, unknown> };
    expect(Object.keys(error)).toEqual(expect.arrayContaining(['message', 'type', 'param', 'code']));
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
