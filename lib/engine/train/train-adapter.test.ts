import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAdapter } from '../io/peft.ts';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { createTinyModel, tinyConfig } from '../io/test-support/tiny-model.ts';
import { defaultLoraConfig } from '../lora/config.ts';
import type { LinearModule } from '../nn/weights.ts';
import { findLatestCheckpoint } from './checkpoint.ts';
import type { ChatExample, TrainingExample } from './prepare-examples.ts';
import { type Recipe, recipePresets } from './recipe.ts';
import { trainAdapter } from './train-adapter.ts';
import type { TrainAdapterInput, TrainEvent } from './train-events.ts';

const colours = ['red', 'blue', 'old'];
const example = (i: number): ChatExample => ({
  id: `ex_${i}`,
  messages: [
    { role: 'user', content: `what colour is the ${i % 2 ? 'river' : 'house'} ${i}?` },
    { role: 'assistant', content: `it is ${colours[i % 3]}, said the cat.${' the dog ran.'.repeat(i % 4)}` },
  ],
});
const train = Array.from({ length: 14 }, (_, i) => example(i));
const evaluation = [example(50), example(51), example(52)];
const recipe: Recipe = {
  ...recipePresets.balanced,
  lora: { ...defaultLoraConfig, r: 4, loraAlpha: 8 },
  learningRate: 1e-2,
  epochs: 3,
  batchSize: 4,
  maxSeqLength: 64,
  evalEverySteps: 0,
  checkpointEverySteps: 2,
};

let root: string;
let modelDir: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'train-adapter-'));
  modelDir = await createTinyModel(join(root, 'model'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Options = Partial<TrainAdapterInput> & { signal?: AbortSignal };

function start(name: string, options: Options = {}): AsyncGenerator<TrainEvent> {
  const outDir = join(root, name);
  return trainAdapter({ modelDir, outDir, train, evaluation, recipe, datasetRoot: '0xroot', threads: 1, ...options });
}

async function collect(events: AsyncGenerator<TrainEvent>): Promise<TrainEvent[]> {
  const all: TrainEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function eventOf<T extends TrainEvent['type']>(events: TrainEvent[], type: T): Extract<TrainEvent, { type: T }> {
  return events.find((event) => event.type === type) as Extract<TrainEvent, { type: T }>;
}

describe('a whole run', () => {
  test('lowers the held-out loss, leaves the event loop free and writes a PEFT adapter with its manifest', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const events = await collect(start('whole'));
    clearInterval(timer);
    const done = eventOf(events, 'done');
    const steps = events.filter((event) => event.type === 'step');
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: done.steps }, (_, i) => i + 1));
    expect(done.evalLoss).toBeLessThan(0.9 * done.baseEvalLoss);
    expect(steps.at(-1)!.loss!).toBeLessThan(0.9 * steps[0]!.loss!);
    expect(ticks).toBeGreaterThan(20);
    expect(eventOf(events, 'started')).toMatchObject({ totalSteps: done.steps, truncatedExamples: 0, resumedStep: 0 });
    expect(eventOf(events, 'sample').prompt).toBe(evaluation[0]!.messages[0]!.content);

    const { theta, layout } = await readAdapter(done.adapterDir, tinyConfig);
    expect(layout.entries[0]!.key).toBe('base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight');
    expect(theta.every(Number.isFinite)).toBe(true);
    const manifest = JSON.parse(await readFile(join(done.adapterDir, 'run-manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      adapterSha256: done.adapterSha256,
      datasetRoot: '0xroot',
      recipe,
      steps: done.steps,
    });
  });

  test('the dataset root decides the order of the rows, and so the bits', async () => {
    const [one, two] = [await collect(start('order-a')), await collect(start('order-b', { datasetRoot: '0xother' }))];
    expect(eventOf(one, 'done').adapterSha256).not.toBe(eventOf(two, 'done').adapterSha256);
  });
});

describe('stopping and resuming', () => {
  test('an aborted run ends within one step, leaves a checkpoint, and resumed gives the bits of a whole run', async () => {
    const whole = eventOf(await collect(start('uninterrupted')), 'done');
    const controller = new AbortController();
    const seen: TrainEvent[] = [];
    const interrupted = (async () => {
      for await (const event of start('stopped', { signal: controller.signal })) {
        seen.push(event);
        if (event.type === 'step' && event.step === 5) controller.abort();
      }
    })();
    await expect(interrupted).rejects.toMatchObject({ code: 'training_stopped' });
    const stopped = seen.at(-1)!;
    if (stopped.type !== 'checkpoint') throw new Error(`The last event was ${stopped.type}.`);
    expect(stopped.step).toBeLessThan(whole.steps);
    expect(await findLatestCheckpoint(join(root, 'stopped', 'checkpoints'))).toBe(stopped.file);

    const resumed = await collect(start('resumed', { resumeFrom: stopped.file }));
    expect(eventOf(resumed, 'started').resumedStep).toBe(stopped.step);
    expect(eventOf(resumed, 'done').adapterSha256).toBe(whole.adapterSha256);
    const [a, b] = await Promise.all(
      ['uninterrupted', 'resumed'].map((name) => readFile(join(root, name, 'optimizer.safetensors'))),
    );
    expect(a!.equals(b!)).toBe(true);

    const again = await collect(start('stopped', { recipe: { ...recipe, epochs: 1 } }));
    const latest = again.findLast((event) => event.type === 'checkpoint')!;
    expect(await findLatestCheckpoint(join(root, 'stopped', 'checkpoints'))).toBe(latest.file);
    const other = { ...recipe, seed: 1 };
    const mismatch = collect(start('mismatch', { resumeFrom: latest.file, recipe: other }));
    await expect(mismatch).rejects.toMatchObject({ code: 'checkpoint_mismatch' });
  });

  test('leaving the iteration stops the thread and loses nothing', async () => {
    for await (const event of start('left')) if (event.type === 'step') break;
    expect(await findLatestCheckpoint(join(root, 'left', 'checkpoints'))).not.toBe(null);
  });
});

describe('input that cannot be trained on', () => {
  test.each<[string, Options, object]>([
    ['no rows', { train: [] }, { code: 'dataset_empty', message: expect.stringContaining('training set') }],
    ['no held-out rows', { evaluation: [] }, { code: 'dataset_empty', message: expect.stringContaining('evaluation') }],
    [
      'rows without an answer',
      { train: [{ id: 'a', messages: [{ role: 'user', content: 'hello' }] }] },
      { code: 'dataset_empty' },
    ],
    [
      'an unknown target module',
      { recipe: { ...recipe, lora: { ...recipe.lora, targetModules: ['q_proj', 'w_proj' as LinearModule] } } },
      { code: 'lora_config_invalid', message: expect.stringContaining('w_proj') },
    ],
    [
      'a learning rate of 0',
      { recipe: { ...recipe, learningRate: 0 } },
      { code: 'recipe_invalid', message: expect.stringContaining('learningRate is 0') },
    ],
    ['a model folder that is not there', { modelDir: '/nowhere' }, { message: expect.stringContaining('config.json') }],
    ['a checkpoint that is not there', { resumeFrom: '/nowhere.safetensors' }, { code: 'checkpoint_invalid' }],
  ])('%s: a typed error that names it', async (_name, options, expected) => {
    await expect(collect(start('bad', options))).rejects.toMatchObject(expected);
  });

  test('rows over the context are cut and counted; rows that lose their whole answer are named', async () => {
    const long = { id: 'ex_long', messages: [...example(1).messages] };
    long.messages[1] = { role: 'assistant', content: 'the dog ran. '.repeat(60) };
    const lost = {
      id: 'ex_lost',
      messages: [{ role: 'user' as const, content: 'the cat '.repeat(80) }, example(1).messages[1]!],
    };
    for await (const event of start('long', { train: [...train, long, lost] })) {
      if (event.type !== 'started') continue;
      expect(event).toMatchObject({ truncatedExamples: 2, skippedExamples: ['ex_lost'] });
      break;
    }
  });

  test('a base with broken weights is refused at the first step', async () => {
    const broken = await createTinyModel(join(root, 'broken'));
    const file = join(broken, 'model.safetensors');
    const { tensors } = await readSafetensors(file);
    tensors.get('model.norm.weight')!.data[0] = Number.NaN;
    await writeSafetensors(file, tensors, { dtype: 'F32' });
    await expect(collect(start('diverged', { modelDir: broken }))).rejects.toMatchObject({ code: 'training_diverged' });
  });

  test('an adapter that does not help held-out rows is refused', async () => {
    const answer = (id: string, word: string): TrainingExample => ({
      id,
      messages: [
        { role: 'user', content: 'what?' },
        { role: 'assistant', content: `${word} `.repeat(20) },
      ],
    });
    const contrary = {
      train: train.map(({ id }) => answer(id, 'the')),
      evaluation: [answer('held_out', 'cat')],
      recipe: { ...recipe, epochs: 20 },
    };
    await expect(collect(start('contrary', contrary))).rejects.toMatchObject({ code: 'training_learnt_nothing' });
  });
});
