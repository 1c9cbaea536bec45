import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenModelDir, openModelDir } from '../io/model-dir.ts';
import type { LoadedAdapter } from '../io/peft.ts';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { OrtSession } from '../runtime/ort-session.ts';
import { lossGraph } from '../train/graphs.ts';
import { type PreparedAdapter, prepareAdapter } from './adapter-slots.ts';
import { BatchRunner } from './batch-runner.ts';
import { sampleToken } from './sampling.ts';

let root = '';
let model: OpenModelDir;
let adapters: (LoadedAdapter | null)[];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'batch-runner-'));
  model = await openModelDir(await createTinyModel(join(root, 'model')));
  adapters = [
    null,
    await createTinyAdapter(join(root, 'a'), 'a'),
    await createTinyAdapter(join(root, 'b'), 'b', { r: 2, targetModules: ['q_proj', 'v_proj'] }),
    await createTinyAdapter(join(root, 'c'), 'c', { r: 12, loraAlpha: 12 }),
  ];
});
afterAll(() => rm(root, { recursive: true }));

const prompts = [[3, 10, 80, 9], [3, 200], [7], [100, 50, 30, 20, 10, 9, 8]];
const prepared = (at: number): PreparedAdapter | null =>
  adapters[at] ? prepareAdapter(adapters[at].layout, adapters[at].theta) : null;
const newRunner = (slots: number): BatchRunner => new BatchRunner(model, { slots, contextTokens: 64, threads: 1 });
const greedy = (logits: Float32Array): { id: number; logprob: number } =>
  sampleToken(logits, { temperature: 0, topP: 1 }, () => 0);

type Answer = { ids: number[]; logprobs: number[] };

/** Greedy answers of `count` tokens, decoded together; row i is prompt i with adapter i. */
async function answerTogether(runner: BatchRunner, rows: readonly number[], count: number): Promise<Answer[]> {
  const answers: Answer[] = rows.map(() => ({ ids: [], logprobs: [] }));
  const push = (row: number, logits: Float32Array): void => {
    const { id, logprob } = greedy(logits);
    answers[row]!.ids.push(id);
    answers[row]!.logprobs.push(logprob);
  };
  for (const [slot, row] of rows.entries()) push(slot, await runner.prefill(slot, prompts[row]!, prepared(row)));
  for (let step = 1; step < count; step++) {
    const feed = rows.map((row, slot) => ({
      slot,
      id: answers[slot]!.ids.at(-1)!,
      position: prompts[row]!.length + step - 1,
    }));
    for (const [slot, logits] of (await runner.decode(feed)).entries()) push(slot, logits);
  }
  return answers;
}

/** -log p of each given token, by the training graphs' full forward pass without a cache. */
async function fullForwardLosses(row: number, completion: readonly number[]): Promise<Float32Array> {
  const ids = [...prompts[row]!, ...completion];
  const time = ids.length - 1;
  const adapter = adapters[row];
  const session = await OrtSession.create(lossGraph(model.config, adapter?.layout ?? null, { batch: 1, time }), {
    threads: 1,
  });
  const { losses } = await session.run({
    ...Object.fromEntries([...model.weights].map(([name, { data }]) => [name, data])),
    ...(adapter ? { theta: adapter.theta } : {}),
    ids: Int32Array.from(ids.slice(0, -1)),
    labels: Int32Array.from(ids.slice(1)),
    lossWeights: new Float32Array(time).fill(1),
  });
  const tail = (losses as Float32Array).slice(prompts[row]!.length - 1);
  await session.release();
  return tail;
}

describe('BatchRunner', () => {
  it('decodes with the cache what a full forward pass gives, each row with its own adapter', async () => {
    const runner = newRunner(4);
    const answers = await answerTogether(runner, [0, 1, 2, 3], 30);
    for (const [row, { ids, logprobs }] of answers.entries()) {
      const losses = await fullForwardLosses(row, ids);
      const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
      expect(Math.abs(mean(losses) + mean(logprobs))).toBeLessThan(1e-5);
      for (const [i, loss] of losses.entries()) expect(Math.abs(loss + logprobs[i]!)).toBeLessThan(1e-4);
    }
    // Each token is also the full pass's own choice, which a cached pass with a stale position would not find.
    const { ids } = answers[1]!;
    for (const length of [1, 7, 29]) {
      const fresh = newRunner(1);
      const adapter = adapters[1]!;
      prompts.push([...prompts[1]!, ...ids.slice(0, length)]);
      const logits = await fresh.prefill(0, prompts.pop()!, prepareAdapter(adapter.layout, adapter.theta));
      expect(greedy(logits).id).toBe(ids[length]);
      await fresh.release();
    }
    await runner.release();
  });

  it('gives a row the same answer alone as among rows with other adapters', async () => {
    const together = newRunner(4);
    const mixed = await answerTogether(together, [0, 1, 2, 3], 20);
    await together.release();
    expect(new Set(mixed.map(({ ids }) => ids.join())).size).toBe(4);
    for (const row of prompts.keys()) {
      const alone = newRunner(1);
      const [answer] = await answerTogether(alone, [row], 20);
      expect(answer!.ids).toEqual(mixed[row]!.ids);
      // Batched and single kernels sum in different orders; 1e-5 nats is a few float32 roundings.
      for (const [i, logprob] of answer!.logprobs.entries()) {
        expect(Math.abs(logprob - mixed[row]!.logprobs[i]!)).toBeLessThan(1e-5);
      }
      await alone.release();
    }
  });

  it("leaves no trace of a slot's former user", async () => {
    const runner = newRunner(2);
    const first = await answerTogether(runner, [2, 0], 12);
    await answerTogether(runner, [3, 1], 25);
    expect(await answerTogether(runner, [2, 0], 12)).toEqual(first);
    await runner.release();
  });
});
