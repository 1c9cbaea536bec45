import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelDir } from '../io/model-dir.ts';
import type { LoadedAdapter } from '../io/peft.ts';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { loraScale } from '../lora/config.ts';
import type { LlamaConfig } from '../nn/config.ts';
import { type ReferenceDelta, referenceLogits } from '../nn/test-support/reference-llama.ts';
import { linearPath } from '../nn/weights.ts';
import { type PreparedAdapter, prepareAdapter } from './adapter-slots.ts';
import { BatchRunner } from './batch-runner.ts';

let root = '';
const adapters: (LoadedAdapter | null)[] = [null];
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'batch-runner-'));
  adapters.push(
    await createTinyAdapter(join(root, 'a'), 'a'),
    await createTinyAdapter(join(root, 'b'), 'b', { r: 2, targetModules: ['q_proj', 'v_proj'] }),
    await createTinyAdapter(join(root, 'c'), 'c', { r: 12, loraAlpha: 12, useRslora: true }),
  );
});
afterAll(() => rm(root, { recursive: true }));

// The last one is longer than a chunk of the runner, were it as short as in a large model.
const prompts = [[3, 10, 80, 9], [3, 200], [7], Array.from({ length: 40 }, (_, i) => (i * 37) % 300)];
const prepared = (row: number): PreparedAdapter | null =>
  adapters[row] ? prepareAdapter(adapters[row].layout, adapters[row].theta) : null;
const openRunner = (modelDir: string, slots: number): Promise<BatchRunner> =>
  BatchRunner.open(modelDir, () => ({ slots, contextTokens: 96, threads: 1 }));

type Answer = { ids: number[]; logits: Float32Array[] };

function take({ ids, logits }: Answer, row: Float32Array): void {
  logits.push(row.slice());
  ids.push(row.indexOf(Math.max(...row)));
}

/** Feeds a row's prompt into a slot in pieces of `chunk` and takes the first token. */
async function start(runner: BatchRunner, slot: number, row: number, chunk = 96): Promise<Answer> {
  const answer: Answer = { ids: [], logits: [] };
  const prompt = prompts[row]!;
  runner.place(slot, prepared(row));
  for (let position = 0; position < prompt.length; position += chunk) {
    const { logits } = await runner.feed(slot, prompt.slice(position, position + chunk), position);
    if (position + chunk >= prompt.length) take(answer, logits);
  }
  return answer;
}

/** One greedy token more for the sequences in slots 0, 1, ... */
async function step(runner: BatchRunner, running: readonly { row: number; answer: Answer }[]): Promise<void> {
  const feed = running.map(({ row, answer: { ids } }) => ({
    id: ids.at(-1)!,
    position: prompts[row]!.length + ids.length - 1,
  }));
  for (const [slot, { logits }] of (await runner.decode(feed)).entries()) take(running[slot]!.answer, logits);
}

async function answerTogether(runner: BatchRunner, rows: readonly number[], count: number): Promise<Answer[]> {
  const running: { row: number; answer: Answer }[] = [];
  for (const [slot, row] of rows.entries()) running.push({ row, answer: await start(runner, slot, row) });
  for (let i = 1; i < count; i++) await step(runner, running);
  return running.map(({ answer }) => answer);
}

/** The double-precision loops of the reference, over prompt and answer at once: the largest difference of any logit. */
async function errorAgainstReference(modelDir: string, row: number, { ids, logits }: Answer): Promise<number> {
  const { config, weights } = await openModelDir(modelDir);
  const all = [...prompts[row]!, ...ids];
  const plain = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
  const reference = referenceLogits(config, plain, all, deltaOf(config, adapters[row]!));
  const errors = logits.map((row64, i) => {
    const expected = reference[all.length - ids.length - 1 + i]!;
    return Math.max(...row64.map((value, id) => Math.abs(value - expected[id]!)));
  });
  return Math.max(...errors);
}

function deltaOf(_config: LlamaConfig, adapter: LoadedAdapter | null): ReferenceDelta {
  const matrices = new Map<string, { a: Float32Array; b: Float32Array }>();
  for (const { layer, module, part, offset, length } of adapter?.layout.entries ?? []) {
    const key = linearPath(layer, module);
    const data = adapter!.theta.subarray(offset, offset + length);
    matrices.set(key, { a: data, b: data, ...matrices.get(key), [part === 'A' ? 'a' : 'b']: data });
  }
  return (path) => {
    const pair = matrices.get(path);
    return pair ? { ...pair, rank: adapter!.layout.lora.r, scale: loraScale(adapter!.layout.lora) } : null;
  };
}

describe('BatchRunner', () => {
  const llama3 = { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 32 };
  const architectures: [string, object][] = [
    ['llama with narrow heads', {}],
    ['untied, scaled rotary angles', { tie_word_embeddings: false, rope_scaling: { rope_type: 'llama3', ...llama3 } }],
    ['qwen2 with biases', { architectures: ['Qwen2ForCausalLM'], model_type: 'qwen2', rope_theta: 1e6 }],
    ['biases everywhere', { attention_bias: true, mlp_bias: true }],
  ];

  it.each(architectures)(
    'gives the logits of the float64 reference, each row with its own adapter: %s',
    async (_, fields) => {
      const modelDir = await createTinyModel(join(root, 'model'), 'tiny', fields);
      const runner = await openRunner(modelDir, 4);
      const answers = await answerTogether(runner, [0, 1, 2, 3], 30);
      expect(new Set(answers.map(({ logits }) => logits[1]!.join())).size).toBe(4);
      // Logits reach +-15; float32 sums over two layers are good to about 1e-6 of that.
      for (const [row, answer] of answers.entries()) {
        expect(await errorAgainstReference(modelDir, row, answer)).toBeLessThan(5e-5);
      }
      await runner.release();
    },
  );

  it('tells log(sum(exp)) of the logits', async () => {
    const runner = await openRunner(await createTinyModel(join(root, 'model')), 1);
    const { logits, logSumExp } = await runner.feed(0, prompts[0]!, 0);
    expect(logSumExp).toBeCloseTo(Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0)), 4);
    await runner.release();
  });

  it('gives a row the same bits alone as among rows with other adapters', async () => {
    const modelDir = await createTinyModel(join(root, 'model'));
    const together = await openRunner(modelDir, 4);
    const mixed = await answerTogether(together, [0, 1, 2, 3], 20);
    await together.release();
    for (const row of prompts.keys()) {
      const alone = await openRunner(modelDir, 1);
      const [answer] = await answerTogether(alone, [row], 20);
      expect(answer).toEqual(mixed[row]);
      await alone.release();
    }
  });

  it('takes prompts in pieces while others decode, and closes gaps, without changing an answer', async () => {
    const modelDir = await createTinyModel(join(root, 'model'));
    const runner = await openRunner(modelDir, 3);
    const alone = await answerTogether(runner, [1], 40);
    runner.trim(0);
    // Row 1 runs; row 3 comes in by pieces of 16 between its steps; row 2 leaves and row 3 takes its slot.
    const first = { row: 1, answer: await start(runner, 0, 1) };
    const second = { row: 2, answer: await start(runner, 1, 2) };
    runner.place(2, prepared(3));
    const prompt = prompts[3]!;
    const third = { row: 3, answer: { ids: [], logits: [] } as Answer };
    for (let position = 0; position < prompt.length; position += 16) {
      const { logits } = await runner.feed(2, prompt.slice(position, position + 16), position);
      if (position + 16 >= prompt.length) take(third.answer, logits);
      await step(runner, [first, second]);
    }
    runner.move(2, 1, prompt.length);
    runner.trim(2);
    for (let i = 0; i < 36; i++) await step(runner, [first, third]);
    expect(first.answer.logits).toEqual(alone[0]!.logits);
    // 16 rows at once and one at a time sum the scores in another order.
    expect(await errorAgainstReference(modelDir, 3, third.answer)).toBeLessThan(5e-5);
    await runner.release();
  });

  it('holds nothing for modules that no adapter has', async () => {
    const runner = await openRunner(await createTinyModel(join(root, 'model')), 2);
    expect(runner.adapterSlots.sizeBytes).toBe(0);
    runner.place(0, prepared(2));
    // q and v of rank 2 share a group of rank 4; 2 slots, 2 layers, 32 inputs, 4 + 2 + 2 heads padded to 16 outputs.
    expect(runner.adapterSlots.sizeBytes).toBe(4 * 2 * 2 * 4 * (32 + 8 * 16));
    await runner.release();
  });

  it('leaves no weights behind, nor those of a process that was killed', async () => {
    // No system has a process of the first number; the second is the one that started the tests.
    const [dead, alive] = [999_999_999, process.ppid].map((pid) => join(tmpdir(), `openledger-serving-${pid}-test`));
    await Promise.all([dead!, alive!].map((dir) => mkdir(dir, { recursive: true })));
    const runner = await openRunner(await createTinyModel(join(root, 'model')), 1);
    await expect(access(dead!)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(access(alive!)).resolves.toBeUndefined();
    await runner.release();
    await rm(alive!, { recursive: true });
  });
});
