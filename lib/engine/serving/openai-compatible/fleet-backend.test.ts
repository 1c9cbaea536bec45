import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { stopIds } from '../../tokenizer/chat.ts';
import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { GenerateEvent, GenerateRequest } from '../types.ts';
import type { FleetKind } from './dialect.ts';
import { FleetBackend, type FleetBackendOptions } from './fleet-backend.ts';
import { FakeFleetServer } from './test-support/fake-fleet-server.ts';

let modelDir: string;
let tokenizer: Tokenizer;
const servers: FakeFleetServer[] = [];
const backends: FleetBackend[] = [];

beforeAll(async () => {
  modelDir = mkdtempSync(join(tmpdir(), 'openledger-fleet-'));
  await createTinyModel(modelDir);
  rmSync(join(modelDir, 'model.safetensors')); // the fleet has the weights
  tokenizer = await Tokenizer.load(modelDir);
});
afterAll(() => rmSync(modelDir, { recursive: true, force: true }));
afterEach(async () => {
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop().catch(() => {})));
});

const refOf = (id: string) => ({ id, dir: `/adapters/${id}` });
const textOf = (id: string | null) => `the house of ${id ?? 'nobody'} is blue, naïve 日本`;
const ask: GenerateRequest = {
  ...{ messages: [{ role: 'user', content: 'what colour is the house?' }], maxTokens: 40, temperature: 0, topP: 1 },
  adapter: refOf('a'),
};
async function serve(kind: FleetKind, more: Partial<ConstructorParameters<typeof FakeFleetServer>[0]> = {}) {
  const folders = ['a', 'b', 'c', 'd'].map((id) => `/adapters/${id}`);
  const server = new FakeFleetServer({ kind, tokenizer, folders, say: textOf, endId: stopIds(tokenizer)[0]!, ...more });
  servers.push(await server.start());
  return server;
}
async function open(kind: FleetKind, fleet: FakeFleetServer[], more: Partial<FleetBackendOptions> = {}) {
  const urls = fleet.map(({ url }) => url);
  const times = { firstTokenTimeoutMs: 20_000, idleTimeoutMs: 20_000, loadTimeoutMs: 20_000, healthIntervalMs: 20 };
  const backend = await FleetBackend.open({ kind, urls, modelDir, contextTokens: 96, ...times, ...more });
  backends.push(backend);
  return backend;
}
/** For a server that falls silent; the other one answers at once. */
const shortTimes = { firstTokenTimeoutMs: 1_000, idleTimeoutMs: 1_000 };
async function read(events: AsyncIterable<GenerateEvent>) {
  const tokens: Extract<GenerateEvent, { type: 'token' }>[] = [];
  for await (const event of events) {
    if (event.type === 'done') return { ...event, tokens, text: tokens.map(({ text }) => text).join('') };
    tokens.push(event);
  }
  throw new Error('no end');
}

describe.each<FleetKind>(['vllm', 'sglang'])('a fleet of %s', (kind) => {
  const loadPath = kind === 'vllm' ? '/v1/load_lora_adapter' : '/load_lora_adapter';
  const modelOf = (id: string) => (kind === 'vllm' ? id : `big-base:${id}`);

  it('loads an adapter once and streams its answer with the ids of the server', async () => {
    const server = await serve(kind, { apiKey: 'secret' });
    const backend = await open(kind, [server], { apiKey: 'secret' });
    const answer = await read(backend.generate({ ...ask, topLogprobs: 2, seed: 7 }));
    const ids = [...tokenizer.encode(textOf('a')), stopIds(tokenizer)[0]!];
    expect(answer).toMatchObject({ text: textOf('a'), completionIds: ids, finishReason: 'stop', idsFrom: 'server' });
    expect(answer.tokens.map(({ tokenId }) => tokenId)).toEqual(ids);
    expect(answer.tokens[1]).toMatchObject({ logprob: -1.5 });
    expect(answer.tokens[1]!.topLogprobs).toEqual([
      { tokenId: ids[1], text: tokenizer.decode([ids[1]!]), logprob: -1.5 },
      { tokenId: 10, text: tokenizer.decode([10]), logprob: -12 },
    ]);
    expect(server.bodies[0]).toMatchObject({ prompt: answer.promptIds, seed: 7, top_k: -1, repetition_penalty: 1 });
    await read(backend.generate(ask));
    expect(server.log).toEqual([
      `POST ${loadPath} a`,
      `POST /v1/completions ${modelOf('a')}`,
      `POST /v1/completions ${modelOf('a')}`,
    ]);
    expect(await backend.adapters()).toMatchObject([{ id: 'a', tier: 'hot', users: 0, hits: 1, misses: 1 }]);
    expect(backend.contextTokens).toBe(80); // the server's limit is below config.json's
  });

  it('answers of the base need no adapter', async () => {
    const server = await serve(kind);
    const { adapter, ...base } = ask;
    expect((await read((await open(kind, [server])).generate(base))).text).toBe(textOf(null));
    expect(server.log).toEqual(['POST /v1/completions big-base']);
  });

  it('drops the least recently used adapter at the limit, never a pinned one', async () => {
    const server = await serve(kind, { maxLoras: 3 });
    const backend = await open(kind, [server], { maxLoras: 3 });
    await backend.prewarm(refOf('a'), { pin: true });
    for (const id of ['b', 'c', 'b', 'd']) await read(backend.generate({ ...ask, adapter: refOf(id) }));
    expect([...server.adapters.keys()]).toEqual(['a', 'b', 'd']);
    expect((await backend.metrics()).adapters).toMatchObject({ hot: 3, evictionsTotal: 1, missesTotal: 4 });
    expect(await backend.unload('a')).toBe(true);
    expect([...server.adapters.keys()]).toEqual(['b', 'd']);
  });

  it('loads again what a restarted server has lost', async () => {
    const server = await serve(kind);
    const backend = await open(kind, [server], { healthIntervalMs: 60_000 });
    await read(backend.generate(ask));
    server.adapters.clear();
    expect((await read(backend.generate(ask))).text).toBe(textOf('a'));
    expect(server.log.filter((line) => line.includes('load_lora'))).toHaveLength(2);
  });

  it('takes over adapters of an earlier run, and those that another client loads meanwhile', async () => {
    const server = await serve(kind);
    server.adapters.set('a', '/adapters/a');
    const backend = await open(kind, [server], { healthIntervalMs: 60_000 });
    await read(backend.generate(ask));
    server.adapters.set('b', '/adapters/b');
    expect((await read(backend.generate({ ...ask, adapter: refOf('b') }))).text).toBe(textOf('b'));
    expect(server.log[0]).toBe(`POST /v1/completions ${modelOf('a')}`);
  });

  it('says what the server says when it refuses an adapter', async () => {
    const backend = await open(kind, [await serve(kind)]);
    const missing = read(backend.generate({ ...ask, adapter: refOf('nowhere') }));
    await expect(missing).rejects.toMatchObject({ code: 'fleet_adapter_refused', message: /\/adapters\/nowhere/ });
  });

  it('spells the text itself where the server tells no ids, and says so', async () => {
    const backend = await open(kind, [await serve(kind, { idsIn: 'none' })]);
    const answer = await read(backend.generate(ask));
    expect(answer).toMatchObject({ text: textOf('a'), idsFrom: 'text' });
    expect(tokenizer.decode(answer.completionIds)).toBe(textOf('a'));
  });
});

describe('a fleet', () => {
  it('reads ids from logprobs where a server is older than return_token_ids', async () => {
    const backend = await open('vllm', [await serve('vllm', { idsIn: 'logprobs' })]);
    const answer = await read(backend.generate(ask));
    expect(answer).toMatchObject({
      idsFrom: 'server',
      completionIds: [...tokenizer.encode(textOf('a')), stopIds(tokenizer)[0]!],
    });
  });

  it('withholds stop strings that are cut over chunks', async () => {
    const backend = await open('vllm', [await serve('vllm')]);
    const answer = await read(backend.generate({ ...ask, stop: [' is blue'] }));
    expect(answer).toMatchObject({ text: 'the house of a', finishReason: 'stop' });
  });

  it('ends at maxTokens', async () => {
    const backend = await open('vllm', [await serve('vllm')]);
    const answer = await read(backend.generate({ ...ask, maxTokens: 3 }));
    expect(answer).toMatchObject({ finishReason: 'length', usage: { completionTokens: 3 } });
  });

  it('refuses a prompt longer than the context before it asks anybody', async () => {
    const server = await serve('vllm');
    const backend = await open('vllm', [server]);
    const messages = [{ role: 'user' as const, content: 'the cat '.repeat(90) }];
    await expect(read(backend.generate({ ...ask, messages }))).rejects.toMatchObject({ code: 'prompt_too_long' });
    expect(server.log).toEqual([]);
  });

  it('asks the server that has the adapter, and spreads it when that one is full', async () => {
    const [one, two] = [await serve('vllm'), await serve('vllm')];
    two.adapters.set('a', '/adapters/a');
    const backend = await open('vllm', [one, two], { maxInFlight: 1 });
    await read(backend.generate(ask));
    await read(backend.generate(ask));
    expect([one.bodies.length, two.bodies.length]).toEqual([0, 2]);
    one.tokenDelayMs = two.tokenDelayMs = 5;
    await Promise.all([read(backend.generate(ask)), read(backend.generate(ask))]);
    expect([one.bodies.length, two.bodies.length]).toEqual([1, 3]);
  });

  it('turns requests away when all servers have enough to do', async () => {
    const server = await serve('vllm');
    const backend = await open('vllm', [server], { maxInFlight: 1 });
    server.tokenDelayMs = 10;
    const first = read(backend.generate(ask));
    await vi.waitFor(() => expect(server.bodies).toHaveLength(1));
    await expect(read(backend.generate(ask))).rejects.toMatchObject({ code: 'queue_full', retryAfterSeconds: 2 });
    expect((await first).text).toBe(textOf('a'));
    expect((await backend.metrics()).requestsTotal).toMatchObject({ rejected: 1, stop: 1 });
  });

  it('shares one load among callers that come at once', async () => {
    const server = await serve('vllm');
    const backend = await open('vllm', [server]);
    server.loadDelayMs = 20;
    await Promise.all([1, 2, 3].map(() => read(backend.generate(ask))));
    expect(server.log.filter((line) => line.includes('load_lora'))).toHaveLength(1);
  });

  it.each(['break', 'error-chunk', 'hang'] as const)(
    'asks another server after a %s before the first token',
    async (kind) => {
      const [one, two] = [await serve('vllm'), await serve('vllm')];
      const backend = await open('vllm', [one, two], kind === 'hang' ? shortTimes : {});
      one.fault = { after: 0, kind };
      expect((await read(backend.generate(ask))).text).toBe(textOf('a'));
      expect([one.bodies.length, two.bodies.length]).toEqual([1, 1]);
    },
  );

  it.each(['break', 'error-chunk', 'hang'] as const)('never begins anew after a %s in the middle', async (kind) => {
    const [one, two] = [await serve('vllm'), await serve('vllm')];
    const backend = await open('vllm', [one, two], kind === 'hang' ? shortTimes : {});
    one.fault = { after: 3, kind };
    await expect(read(backend.generate(ask))).rejects.toMatchObject({ code: 'fleet_unavailable' });
    expect(two.bodies).toHaveLength(0);
    expect((await backend.metrics()).requestsTotal.failed).toBe(1);
  });

  it('closes the connection when the caller cancels, and tells what came until then', async () => {
    const server = await serve('vllm');
    const backend = await open('vllm', [server]);
    server.tokenDelayMs = 5;
    const stop = new AbortController();
    const events: GenerateEvent[] = [];
    for await (const event of backend.generate({ ...ask, signal: stop.signal })) {
      events.push(event);
      if (events.length === 2) stop.abort();
    }
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      finishReason: 'cancelled',
      usage: { completionTokens: events.length - 1 },
    });
    await vi.waitFor(() => expect(server.closedEarly).toBe(1));
    expect((await backend.adapters())[0]!.users).toBe(0);
  });

  it('closes the connection when the caller leaves the loop', async () => {
    const server = await serve('vllm');
    const backend = await open('vllm', [server]);
    server.tokenDelayMs = 5;
    for await (const _ of backend.generate(ask)) break;
    await vi.waitFor(() => expect(server.closedEarly).toBe(1));
    expect((await backend.metrics()).requestsTotal.cancelled).toBe(1);
  });

  it('waits for servers that are still starting, and comes back after a restart', async () => {
    const server = await serve('vllm');
    server.isReady = false;
    const backend = await open('vllm', [server]);
    await expect(read(backend.generate(ask))).rejects.toMatchObject({
      code: 'fleet_unavailable',
      message: /health answered 503/,
    });
    server.isReady = true;
    await vi.waitFor(async () => expect((await read(backend.generate(ask))).text).toBe(textOf('a')));
    await server.stop();
    await expect(read(backend.generate(ask))).rejects.toMatchObject({ code: 'fleet_unavailable' });
    await server.start();
    await vi.waitFor(async () => expect((await read(backend.generate(ask))).text).toBe(textOf('a')));
  });

  it.each([
    [500, 'fleet_unavailable'],
    [401, 'fleet_unavailable'],
    [429, 'queue_full'],
    [400, 'generate_request_invalid'],
  ])('translates status %i into %s', async (status, code) => {
    const server = await serve('vllm');
    const backend = await open('vllm', [server]);
    server.refuseWith = status;
    await expect(read(backend.generate(ask))).rejects.toMatchObject({ code });
    expect(server.bodies).toHaveLength(1);
  });

  it('does not use a server with another tokenizer', async () => {
    const other = Object.assign(Object.create(tokenizer) as Tokenizer, { encode: () => [1, 2, 3] });
    const backend = await open('vllm', [await serve('vllm', { tokenizer: other })]);
    await expect(read(backend.generate(ask))).rejects.toMatchObject({ message: /tokenizer is not this base model's/ });
  });
});
