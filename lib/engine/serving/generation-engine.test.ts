import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { GenerationEngine } from './generation-engine.ts';
import type { GenerateDone, GenerateRequest, GenerateToken } from './types.ts';

let root = '';
let engine: GenerationEngine;
let tokenizer: Tokenizer;
let adapter: { id: string; dir: string };
let otherAdapter: { id: string; dir: string };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'generation-engine-'));
  const modelDir = await createTinyModel(join(root, 'model'));
  tokenizer = await Tokenizer.load(modelDir);
  adapter = { id: 'ad_a', dir: join(root, 'a') };
  otherAdapter = { id: 'ad_b', dir: join(root, 'b') };
  await createTinyAdapter(adapter.dir, 'a');
  await createTinyAdapter(otherAdapter.dir, 'b');
  engine = await GenerationEngine.open({ modelDir, maxSlots: 2, maxQueued: 3 });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true });
});

const ask: GenerateRequest = {
  messages: [{ role: 'user', content: 'what colour is the river?' }],
  maxTokens: 24,
  temperature: 0,
  topP: 1,
};

async function answer(
  request: GenerateRequest,
): Promise<{ tokens: GenerateToken[]; text: string; done: GenerateDone }> {
  const tokens: GenerateToken[] = [];
  for await (const event of engine.generate(request)) {
    if (event.type === 'done') return { tokens, text: tokens.map((token) => token.text).join(''), done: event };
    tokens.push(event);
  }
  throw new Error('The stream ended without a done event.');
}

describe('GenerationEngine', () => {
  it('streams one event a token, whose texts join to the decoded completion', async () => {
    const { tokens, text, done } = await answer({ ...ask, temperature: 1.5, seed: 4, adapter });
    expect(tokens.map((token) => token.tokenId)).toEqual(done.completionIds);
    expect(text).toBe(tokenizer.decode(done.completionIds));
    expect(done.usage).toEqual({ promptTokens: done.promptIds.length, completionTokens: tokens.length });
    expect(tokenizer.decode(done.promptIds)).toContain('what colour is the river?');
    expect(Object.values(done.timings).every((ms) => ms >= 0)).toBe(true);
  });

  it('repeats an answer for the same seed, whoever else is being served', async () => {
    const sampled = { ...ask, temperature: 1, topP: 0.9, seed: 7, adapter };
    const alone = await answer(sampled);
    const [again, other, base] = await Promise.all([
      answer(sampled),
      answer({ ...sampled, adapter: otherAdapter }),
      answer({ ...ask, seed: 7 }),
    ]);
    expect(again.done.completionIds).toEqual(alone.done.completionIds);
    expect(other.text).not.toBe(alone.text);
    expect(base.text).not.toBe(alone.text);
    expect((await answer({ ...sampled, seed: 8 })).done.completionIds).not.toEqual(alone.done.completionIds);
    const states = await engine.adapters();
    expect(states.map(({ id, tier, users }) => `${id} ${tier} ${users}`).sort()).toEqual(['ad_a hot 0', 'ad_b hot 0']);
  });

  it('ends before a stop string and at maxTokens', async () => {
    const free = await answer(ask);
    expect(free.done.finishReason).toBe('length');
    expect(free.tokens).toHaveLength(24);
    const stop = free.text.slice(6, 9);
    const stopped = await answer({ ...ask, stop: [stop] });
    expect(stopped.done.finishReason).toBe('stop');
    expect(stopped.text).toBe(free.text.slice(0, free.text.indexOf(stop)));
  });

  it('frees the slots of cancelled answers at once, for those who wait', async () => {
    const endless = { ...ask, maxTokens: 10_000, seed: 1, temperature: 1 };
    const controllers = [new AbortController(), new AbortController()];
    const started: GenerateDone[] = [];
    const running = controllers.map(async ({ signal }, i) => {
      for await (const event of engine.generate({ ...endless, signal })) {
        if (event.type === 'token') controllers[i]!.abort();
        else started.push(event);
      }
    });
    const waiting = answer(ask);
    await Promise.all(running);
    expect((await waiting).done.finishReason).toBe('length');
    expect(started.map((done) => done.finishReason)).toEqual(['cancelled', 'cancelled']);
    // The abort travels to the thread while it computes: a few tokens may come, not the eighty that the context allows.
    for (const { completionIds } of started) expect(completionIds.length).toBeLessThan(20);
    const late = await answer({ ...endless, signal: AbortSignal.abort() });
    expect(late.done.finishReason).toBe('cancelled');
    expect(late.tokens.length).toBeLessThan(20);
  });

  it('keeps the event loop of the caller free', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await answer({ ...ask, maxTokens: 60 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(3);
  });

  it('refuses prompts over the context with both numbers', async () => {
    const long = { ...ask, messages: [{ role: 'user' as const, content: 'the '.repeat(200) }] };
    await expect(answer(long)).rejects.toMatchObject({ code: 'prompt_too_long', limitTokens: 95 });
    await expect(answer(long)).rejects.toThrow(/The prompt has \d{3} tokens; this model takes at most 95\./);
  });

  it('refuses foreign adapters and requests beyond the queue by code, and serves on', async () => {
    const modelDir = join(root, 'model');
    const strange = { id: 'ad_x', dir: modelDir };
    await expect(answer({ ...ask, adapter: strange })).rejects.toMatchObject({ code: 'adapter_invalid' });
    await expect(answer({ ...ask, maxTokens: 0 })).rejects.toMatchObject({ code: 'generate_request_invalid' });
    const six = await Promise.allSettled(Array.from({ length: 6 }, () => answer({ ...ask, maxTokens: 4 })));
    expect(six.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), 'rejected']);
    expect((six[5] as PromiseRejectedResult).reason).toMatchObject({ code: 'queue_full' });
    expect((await answer(ask)).tokens).toHaveLength(24);
  });

  it('takes a prompt of tokens in place of messages, and refuses both and neither', async () => {
    const { done } = await answer(ask);
    const again = await answer({ ...ask, messages: [], promptIds: done.promptIds });
    expect(again.done.completionIds).toEqual(done.completionIds);
    const refused: Partial<GenerateRequest>[] = [
      { promptIds: [3] },
      { messages: [] },
      { messages: [], promptIds: [320] },
    ];
    for (const wrong of refused) {
      await expect(answer({ ...ask, ...wrong })).rejects.toMatchObject({ code: 'generate_request_invalid' });
    }
  });

  it('tells the most probable tokens, the chosen one among them, and penalises repetition', async () => {
    const { tokens } = await answer({ ...ask, maxTokens: 40, topLogprobs: 3 });
    for (const { tokenId, logprob, topLogprobs } of tokens) {
      expect(topLogprobs).toHaveLength(3);
      expect(topLogprobs![0]).toMatchObject({ tokenId, logprob });
      expect(topLogprobs!.reduce((sum, top) => sum + Math.exp(top.logprob), 0)).toBeLessThan(1 + 1e-6);
    }
    const distinct = async (penalty: Partial<GenerateRequest>): Promise<number> =>
      new Set((await answer({ ...ask, maxTokens: 40, ...penalty })).done.completionIds).size;
    const free = await distinct({});
    expect(await distinct({ frequencyPenalty: 2 })).toBeGreaterThan(free);
    expect(await distinct({ repetitionPenalty: 5 })).toBeGreaterThan(free);
  });

  it('loads ahead, pins, counts and unloads adapters; refuses one of another base', async () => {
    const pinned = { id: 'ad_pinned', dir: adapter.dir };
    await engine.prewarm(pinned, { pin: true });
    await answer({ ...ask, adapter: pinned });
    const state = (await engine.adapters()).find(({ id }) => id === 'ad_pinned');
    expect(state).toMatchObject({ tier: 'hot', users: 0, isPinned: true, rank: 4, hits: 1, misses: 1 });
    expect(state!.targetModules).toHaveLength(7);
    expect(await engine.unload('ad_pinned')).toBe(true);
    expect(await engine.unload('ad_pinned')).toBe(false);
    const metrics = await engine.metrics();
    expect(metrics.requestsTotal.length).toBeGreaterThan(0);
    expect(metrics).toMatchObject({ slots: 2, running: 0, queued: 0, queuedCallers: 0 });
    expect(metrics.completionTokensTotal).toBeGreaterThan(0);
    const foreign = { ...adapter, id: 'ad_foreign', baseSha256: 'a'.repeat(64) };
    await expect(answer({ ...ask, adapter: foreign })).rejects.toMatchObject({ code: 'adapter_base_mismatch' });
  });

  it('serves two base models at once', async () => {
    const fields = { model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'] };
    const modelDir = await createTinyModel(join(root, 'qwen'), 'qwen', fields);
    const other = await GenerationEngine.open({ modelDir });
    const ids: number[] = [];
    const [here] = await Promise.all([
      answer(ask),
      (async () => {
        for await (const event of other.generate(ask)) if (event.type === 'token') ids.push(event.tokenId);
      })(),
    ]);
    expect(here.tokens).toHaveLength(24);
    expect(ids).not.toEqual(here.done.completionIds);
    await other.close();
  });

  it('refuses a broken model folder by code, and ends running answers when it closes', async () => {
    await expect(GenerationEngine.open({ modelDir: root })).rejects.toMatchObject({ code: 'model_dir_invalid' });
    const short = await GenerationEngine.open({ modelDir: join(root, 'model') });
    const stream = short.generate({ ...ask, maxTokens: 10_000 });
    await stream.next();
    await short.close();
    await expect(async () => {
      for (;;) if ((await stream.next()).done) break;
    }).rejects.toMatchObject({ code: 'engine_stopped' });
    await expect(short.generate(ask).next()).rejects.toMatchObject({ code: 'engine_stopped' });
  });
});
