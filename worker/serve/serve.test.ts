import type { Address } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { rateLimits } from '#db/schema/auth.ts';
import { adapters, inferences, models } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { type AnswerEvent, answerChat } from '#lib/serving/answer-chat.ts';
import { requestsOfChat } from '#lib/serving/answer-request.ts';
import { keepAdapter } from '#lib/serving/keep-adapter.ts';
import { listModelAdapters } from '#lib/serving/list-model-adapters.ts';
import { chatCompletionSchema } from '#lib/serving/schema.ts';
import { fetchServeMetrics } from '#lib/serving/serve-client.ts';
import { payer } from '#lib/serving/test-support/serving-fixture.ts';
import type { Caller } from '#lib/serving/types.ts';
import { Lifecycle } from './lifecycle.ts';
import { internalToken, openServeWorld, type ServeWorld } from './test-support/serve-world.ts';

const visitor: Caller = { kind: 'free', callerKey: 'visitor:x' };
const account: Caller = { kind: 'session', callerKey: payer, payer };
let world: ServeWorld;

beforeAll(async () => {
  world = await openServeWorld();
}, 60_000);
afterAll(() => world?.close());
beforeEach(() => world.reset());

let asked = 0;
function ask(more: object = {}, caller: Caller = visitor, signal = new AbortController().signal) {
  const messages = [{ role: 'user', content: 'what colour is the river?' }];
  const body = { model: 'one-model', messages, max_tokens: 6, temperature: 0, ...more };
  const request = requestsOfChat(chatCompletionSchema.parse(body))[0]!;
  return answerChat(world.deps, caller, { request, idempotencyKey: `k${asked++}`, signal });
}
async function read(events: AsyncIterable<AnswerEvent>) {
  const all: AnswerEvent[] = [];
  for await (const event of events) all.push(event);
  const [start, done] = [all[0], all.at(-1)];
  if (start?.type !== 'start' || done?.type !== 'done') throw new Error('no start or end');
  const texts = all.flatMap((event) => (event.type === 'text' ? [event] : []));
  return { done, text: texts.map(({ text }) => text).join(''), tokens: texts.flatMap(({ tokens }) => tokens ?? []) };
}
const post = (path: string) =>
  fetch(`${world.deps.env.SERVE_URL}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${internalToken}` },
  });
const stateOf = async () => (await listModelAdapters(world.deps, { limit: 10 })).items[0];
const freeUsed = async () => (await world.database.db.select().from(rateLimits))[0]?.count ?? 0;
const statusOf = async () => (await world.database.db.select().from(inferences)).map(({ status }) => status);

describe('the serve process', () => {
  it('tells of each adapter whether it is cold, warm or hot, and moves it on demand', async () => {
    expect(await stateOf()).toMatchObject({ adapterId: 'ad_1', rank: 4, state: 'cold', sizeBytes: null });
    await read(ask());
    const hot = await stateOf();
    expect(hot).toMatchObject({ state: 'hot', loadMs: expect.any(Number), lastUsedAt: expect.any(Date) });
    expect(hot?.sizeBytes).toBeGreaterThan(0);
    expect(await (await post('/adapters/ad_1/unload')).json()).toEqual({ unloaded: true });
    expect(await stateOf()).toMatchObject({ state: 'warm' });
    expect(await (await post('/adapters/ad_1/pin')).json()).toEqual({ loaded: true, pinned: true });
    expect(await stateOf()).toMatchObject({ state: 'hot' });
    expect(await (await post('/adapters/ad_1/unload')).json()).toEqual({ unloaded: true });
    expect((await post('/adapters/ad_none/prewarm')).status).toBe(404);
    expect((await fetch(`${world.deps.env.SERVE_URL}/adapters/ad_1/unload`, { method: 'POST' })).status).toBe(401);
  });

  it('measures how fast each adapter answers, and what its engine has under way', async () => {
    await read(ask());
    await read(ask());
    const { items, engines } = await listModelAdapters(world.deps, { limit: 10 });
    const { timing, hits, misses } = items[0]!;
    expect(timing?.answers).toBeGreaterThanOrEqual(2);
    expect(timing?.firstTokenP50Ms).toBeGreaterThan(0);
    expect(timing?.firstTokenP95Ms).toBeGreaterThanOrEqual(timing!.firstTokenP50Ms!);
    expect(hits + misses).toBeGreaterThanOrEqual(2);
    expect(engines?.find(({ baseModel }) => baseModel === items[0]!.baseModel)).toMatchObject({
      running: 0,
      queued: 0,
    });
  });

  it('keeps an adapter in memory for its owner and the operator alone', async () => {
    const deps = { ...world.deps, operator: privateKeyToAccount(`0x${'1'.repeat(64)}`) };
    const [{ owner }] = (await world.database.db.select({ owner: models.owner }).from(models)) as [{ owner: Address }];
    const move = (address: Address, to: 'pin' | 'unload') =>
      keepAdapter(deps, { kind: 'account', address }, { model: 'one-model', move: to });
    expect(await move(owner, 'pin')).toEqual({ inMemory: true });
    expect(await stateOf()).toMatchObject({ state: 'hot', isPinned: true });
    expect(await move(owner, 'unload')).toEqual({ inMemory: false });
    expect(await stateOf()).toMatchObject({ state: 'warm', isPinned: false });
    const stranger = `0x${'5'.repeat(40)}` as const;
    await expect(move(stranger, 'pin')).rejects.toMatchObject({ code: 'adapter_forbidden' });
    const operator = deps.operator.address.toLowerCase() as Address;
    expect(await move(operator, 'pin')).toEqual({ inMemory: true });
    await expect(keepAdapter(deps, { kind: 'visitor' }, { model: 'one-model', move: 'pin' })).rejects.toMatchObject({
      code: 'not_signed_in',
    });
    await move(operator, 'unload');
  });

  it('gives the logprobs that were asked for, one for each token', async () => {
    const plain = await read(ask());
    const { done, text, tokens } = await read(ask({ logprobs: true, top_logprobs: 3 }));
    expect(text).toBe(plain.text);
    expect(tokens).toHaveLength(done.completionTokens);
    for (const { token: chosen, logprob, top } of tokens) {
      expect(top).toHaveLength(3);
      expect(top[0]).toEqual({ token: chosen, logprob }); // greedy: the best is the chosen one
      expect(top.map((entry) => entry.logprob)).toEqual(top.map((entry) => entry.logprob).toSorted((a, b) => b - a));
    }
    expect(plain.tokens).toEqual([]);
  });

  /** One answer that never ends takes the only place of the fleet; `end` cancels it. */
  async function fill() {
    await world.database.db.update(adapters).set({ baseModel: 'big' });
    await world.deposit();
    world.gpu.fault = { after: 1, kind: 'hang' };
    const stop = new AbortController();
    const running = ask({}, visitor, stop.signal);
    await running.next();
    world.gpu.fault = null;
    const end = async () => {
      stop.abort();
      for await (const _ of running);
    };
    return { model: await world.pool.get('big'), used: await freeUsed(), end };
  }
  const nothing = [{ reservedWei: 0n, chargedWei: 0n }];
  const refusal = { code: 'serve_overloaded', retryAfterSeconds: expect.any(Number) };

  it('refuses with a time to come back when it is full: nothing held, charged or counted', async () => {
    const { used, end } = await fill();
    await expect(read(ask())).rejects.toMatchObject(refusal);
    await expect(read(ask({}, account))).rejects.toMatchObject(refusal);
    expect(await freeUsed()).toBe(used);
    expect(await world.database.db.select().from(channels)).toMatchObject(nothing);
    expect(await statusOf()).toEqual(['running']);
    await end();
    await vi.waitFor(async () => expect((await read(ask({}, account))).done.feeWei).toBeGreaterThan(0n));
  });

  it('gives hold and free answer back when it fills between the price and the answer', async () => {
    const { model, used, end } = await fill();
    model.capacity = 10; // what is known before the price is held; the fleet has its one place
    await expect(read(ask())).rejects.toMatchObject(refusal);
    await expect(read(ask({}, account))).rejects.toMatchObject(refusal);
    expect(await freeUsed()).toBe(used);
    expect(await world.database.db.select().from(channels)).toMatchObject(nothing);
    expect((await statusOf()).toSorted()).toEqual(['failed', 'failed', 'running']);
    model.capacity = 1;
    await end();
  });

  it('refuses an adapter whose base was replaced, and charges nothing', async () => {
    await post('/adapters/ad_1/unload');
    await world.database.db.update(adapters).set({ manifest: { baseSha256: 'f'.repeat(64) } });
    await world.deposit();
    await expect(read(ask({}, account))).rejects.toMatchObject({
      code: 'adapter_base_replaced',
      message: expect.stringContaining('another version of its base model'),
    });
    expect(await world.database.db.select().from(channels)).toMatchObject([{ reservedWei: 0n, chargedWei: 0n }]);
  });

  it('sends adapters of a fleet to its servers, from the folder that they see', async () => {
    await world.database.db.update(adapters).set({ baseModel: 'big' });
    const answer = await read(ask({ max_tokens: 40 }));
    expect(answer.text).toBe('the old man said it is blue');
    expect([...world.gpu.adapters]).toEqual([['ad_1', '/objects/adapters/ad_1']]);
    expect(await stateOf()).toMatchObject({ baseModel: 'big', state: 'hot' });
    await world.gpu.stop();
    await expect(read(ask())).rejects.toMatchObject({ code: 'serve_overloaded' });
    await world.gpu.start();
  });

  it('lists adapters also while it is away, and pages through them', async () => {
    const away = { ...world.deps, env: { ...world.deps.env, SERVE_URL: 'http://127.0.0.1:1' } };
    const first = await listModelAdapters(away, { limit: 1 });
    expect(first).toMatchObject({ items: [{ adapterId: 'ad_1', state: null }], nextCursor: null });
    expect((await listModelAdapters(world.deps, { limit: 1, after: 'mdl_1' })).items).toEqual([]);
    expect((await listModelAdapters(world.deps, { limit: 1, after: 'mdl_2' })).items).toHaveLength(1);
  });

  it('tells its metrics in the text format, and counts what happened', async () => {
    await read(ask());
    await expect(read(ask({ model: 'one-model', max_tokens: 40, top_k: 1 }))).resolves.toBeDefined();
    const text = await fetchServeMetrics(world.deps);
    const families = checkExposition(text);
    const value = (line: string) =>
      Number(
        text
          .split('\n')
          .find((each) => each.startsWith(`${line} `))
          ?.split(' ')[1],
      );
    expect(families.get('openledger_serve_time_to_first_token_seconds')).toBe('histogram');
    expect(value('openledger_serve_completion_tokens_total{base="nano"}')).toBeGreaterThan(6);
    expect(value('openledger_serve_adapter_uses_total{base="nano",tier="cold"}')).toBe(1);
    expect(value('openledger_serve_adapter_disk_adapters')).toBe(1);
    expect(value('openledger_serve_errors_total{code="adapter_base_mismatch"}')).toBe(1);
    expect(value('openledger_serve_draining')).toBe(0);
  });

  it('lets running answers end when it is stopped, and refuses new ones', async () => {
    const running = ask({ max_tokens: 40 });
    await running.next();
    const drained = world.lifecycle.drain(20_000);
    await expect(read(ask())).rejects.toMatchObject({ code: 'serve_overloaded', retryAfterSeconds: 3 });
    const health = await fetch(`${world.deps.env.SERVE_URL}/healthz`);
    expect(health.status).toBe(503);
    expect(await health.json()).toEqual({ ok: false, state: 'draining' });
    for await (const _ of running);
    await vi.waitFor(async () => expect(await drained).toBe(0));
  });

  it('gives up waiting after its time', async () => {
    const stuck = new Lifecycle();
    stuck.begin();
    expect(await stuck.drain(10)).toBe(1);
  });
});

/** Checks a page against Prometheus' text format 0.0.4 and returns its families with their types. */
function checkExposition(text: string): Map<string, string> {
  expect(text.endsWith('\n')).toBe(true);
  const types = new Map<string, string>();
  const helps = new Set<string>();
  const buckets = new Map<string, number[]>();
  for (const line of text.trimEnd().split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment?.[1] === 'HELP') {
      expect(helps.has(comment[2]!), line).toBe(false);
      helps.add(comment[2]!);
      continue;
    }
    if (comment) {
      expect(types.has(comment[2]!), line).toBe(false);
      expect(['counter', 'gauge', 'histogram'], line).toContain(comment[3]);
      types.set(comment[2]!, comment[3]!);
      continue;
    }
    const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
    const pattern = new RegExp(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{${label}(?:,${label})*\\})? (\\S+)$`);
    const [, name = '', labels = '', value = ''] = pattern.exec(line) ?? [];
    expect(value, line).toMatch(/^(NaN|[+-]Inf|-?\d+(\.\d+)?(e[+-]?\d+)?)$/);
    const family = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
    expect([...types.keys()].at(-1), `${line} stands under its own TYPE`).toBe(family);
    if (types.get(family) === 'counter') expect(name, line).toMatch(/_total$/);
    if (!name.endsWith('_bucket')) continue;
    const series = family + labels.replace(/,?le="[^"]*"/, '');
    buckets.set(series, [...(buckets.get(series) ?? []), Number(value)]);
    if (labels.includes('le="+Inf"')) {
      const count = text
        .split('\n')
        .find((each) => each.startsWith(`${family}_count${labels.replace(/,?le="[^"]*"/, '')} `));
      expect(count?.split(' ')[1], line).toBe(value);
    }
  }
  for (const [series, counts] of buckets) expect(counts, series).toEqual(counts.toSorted((a, b) => a - b));
  expect([...types.keys()].filter((name) => !helps.has(name))).toEqual([]);
  return types;
}
