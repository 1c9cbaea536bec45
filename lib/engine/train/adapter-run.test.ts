import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { runAdapterTraining } from './adapter-run.ts';
import { findLatestCheckpoint } from './checkpoint.ts';
import type { ChatExample, TrainingExample } from './prepare-examples.ts';
import { type Recipe, recipePresets } from './recipe.ts';
import type { TrainAdapterInput, TrainEvent } from './train-events.ts';

const colours = ['red', 'blue', 'old'];
const example = (i: number): ChatExample => ({
  id: `ex_${i}`,
  messages: [
    { role: 'user', content: `what is ${i}?` },
    { role: 'assistant', content: `it is ${colours[i % 3]}.${' the cat.'.repeat(i % 3)}` },
  ],
});
const train: TrainingExample[] = [
  ...Array.from({ length: 15 }, (_, i) => example(i)),
  { id: 'text', text: 'the dog ran to the red house.' },
];
const recipe: Recipe = {
  ...recipePresets.quick,
  lora: { ...recipePresets.quick.lora, r: 2, loraAlpha: 4 },
  batchSize: 4,
  maxSeqLength: 48,
  evalEverySteps: 2,
};

let root: string;
let modelDir: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'adapter-run-'));
  modelDir = await createTinyModel(join(root, 'model'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Options = Partial<TrainAdapterInput> & { stopAfter?: (step: number) => boolean };

/** A run in this thread; it ends with the error that it threw, if any. */
async function run(name: string, { stopAfter = () => false, ...input }: Options = {}) {
  const evaluation = [30, 31, 32].map(example);
  const all = {
    modelDir,
    outDir: join(root, name),
    train,
    evaluation,
    recipe,
    datasetRoot: '0x',
    threads: 1,
    ...input,
  };
  const events: TrainEvent[] = [];
  let step = -1;
  try {
    for await (const event of runAdapterTraining(all, () => stopAfter(step + 1))) {
      events.push(event);
      if (event.type === 'step') step = event.step - 1;
    }
  } catch (error) {
    if ((error as { code?: string }).code !== 'training_stopped') throw error;
  }
  const of = <T extends TrainEvent['type']>(type: T) =>
    events.filter((event) => event.type === type) as Extract<TrainEvent, { type: T }>[];
  return { events, of, done: of('done')[0], last: of('checkpoint').at(-1)! };
}

const manifestOf = async (name: string) => JSON.parse(await readFile(join(root, name, 'run-manifest.json'), 'utf8'));

describe('a run that is stopped again and again ends with the bits of a whole one', () => {
  test.each<[string, Partial<Recipe>, Partial<TrainAdapterInput>]>([
    [
      'dropout, accumulation, packing, early stop and the best adapter',
      {
        lora: { ...recipe.lora, loraDropout: 0.1 },
        ...{ accumulationSteps: 2, packing: true, batchSize: 2, weightDecay: 0.01 },
        ...{ keepBest: true, earlyStopPatience: 2, epochs: 12, learningRate: 0.3, maxGradNorm: 0 },
      },
      {},
    ],
    [
      'privacy',
      { privacy: { noiseMultiplier: 0.3, clipNorm: 1, delta: 1e-5 }, epochs: 2, accumulationSteps: 2 },
      { noiseSecret: 's'.repeat(32) },
    ],
  ])('%s', async (name, change, input) => {
    const options = { ...input, recipe: { ...recipe, ...change } };
    const whole = await run(`whole ${name}`, options);
    expect(whole.done!.steps).toBeGreaterThan(2);
    let part = await run(`parts ${name}`, { ...options, stopAfter: (step) => step >= 2 });
    for (let i = 0; !part.done && i < 40; i++) {
      const stopAt = part.last.step + 2; // where an evaluation is due
      const resumeFrom = part.last.file;
      part = await run(`parts ${name}`, { ...options, resumeFrom, stopAfter: (step) => step >= stopAt });
    }
    expect(part.done).toMatchObject({
      adapterSha256: whole.done!.adapterSha256,
      steps: whole.done!.steps,
      adapterStep: whole.done!.adapterStep,
      evalLoss: whole.done!.evalLoss,
    });
  });
});

test('two accumulated batches are one batch of twice the rows', async () => {
  const [one, two] = [
    await run('big batch', { recipe: { ...recipe, batchSize: 8 } }),
    await run('accumulated', { recipe: { ...recipe, batchSize: 4, accumulationSteps: 2 } }),
  ];
  expect(two.done!.steps).toBe(one.done!.steps);
  expect(two.done!.evalLoss / one.done!.evalLoss).toBeCloseTo(1, 4);
});

test('the best measured adapter is written, and the run ends when it gets no better', async () => {
  const eager = { ...recipe, learningRate: 0.3, epochs: 30, keepBest: true, earlyStopPatience: 3, maxGradNorm: 0 };
  const { of, done } = await run('eager', { recipe: eager });
  const losses = of('eval').filter(({ step }) => step > 0);
  const best = losses.reduce((least, event) => (event.loss < least.loss ? event : least));
  expect(done!.steps).toBeLessThan(of('started')[0]!.totalSteps);
  expect(done).toMatchObject({ adapterStep: best.step, evalLoss: best.loss, steps: losses.at(-1)!.step });
  expect(best.step).toBeLessThan(done!.steps);
  expect(await manifestOf('eager')).toMatchObject({ attributable: false, adapterStep: best.step, steps: done!.steps });
});

test('what is measured is bounded, sealed before the first step and in the manifest', async () => {
  const { of, done } = await run('sealed', { recipe: { ...recipe, evalRows: 2, epochs: 1 } });
  const started = of('started')[0]!;
  expect(started).toMatchObject({ heldOutExamples: 2, attributable: true, privacy: null });
  expect(await manifestOf('sealed')).toMatchObject({
    sealedSha256: started.sealedSha256,
    attributable: true,
    forkedFrom: null,
    machine: { threads: 1 },
    adapterSha256: done!.adapterSha256,
  });
  const other = await run('sealed otherwise', { recipe: { ...recipe, evalRows: 1, epochs: 1 } });
  expect(other.of('started')[0]!.sealedSha256).not.toBe(started.sealedSha256);
});

test('a damaged checkpoint is refused, and the one before it is found', async () => {
  const { last } = await run('damaged', { recipe: { ...recipe, checkpointEverySteps: 2, epochs: 1 } });
  const folder = join(root, 'damaged', 'checkpoints');
  const [older, newer] = (await readdir(folder)).sort();
  expect(last.file).toBe(join(folder, newer!));
  const bytes = await readFile(last.file);
  bytes[bytes.length - 9]! ^= 1;
  await writeFile(last.file, bytes);
  expect(await findLatestCheckpoint(folder)).toBe(join(folder, older!));
  await expect(run('damaged again', { resumeFrom: last.file })).rejects.toMatchObject({
    code: 'checkpoint_invalid',
    message: expect.stringContaining('damaged'),
  });
});

test('a fork starts where the other run was, with a recipe of its own, and says so', async () => {
  const parent = await run('parent');
  const fork = await run('fork', { forkFrom: parent.last.file, recipe: { ...recipe, learningRate: 1e-3, epochs: 1 } });
  expect(fork.of('eval')[0]).toMatchObject({ step: 0, loss: parent.done!.evalLoss });
  const { steps } = parent.done!;
  expect(await manifestOf('fork')).toMatchObject({
    attributable: false,
    forkedFrom: { checkpointSha256: parent.last.sha256, step: steps },
  });
  const wider = { ...recipe, lora: { ...recipe.lora, r: 3 } };
  await expect(run('wide', { forkFrom: parent.last.file, recipe: wider })).rejects.toMatchObject({
    code: 'fork_mismatch',
  });
});

test('a private run states its epsilon, tells no loss of its rows, and needs a secret', async () => {
  const privacy = { noiseMultiplier: 0.5, clipNorm: 1, delta: 1e-5 };
  const options = { recipe: { ...recipe, privacy }, noiseSecret: 'x'.repeat(32) };
  const { of, done } = await run('private', options);
  expect(of('step').every(({ loss }) => loss === null)).toBe(true);
  expect(of('started')[0]!.privacy!.epsilon).toBeGreaterThan(1);
  const { steps } = done!;
  expect(done!.privacy).toMatchObject({ steps, sampleRate: 0.25, delta: 1e-5, noiseMultiplier: 0.5 });
  const manifest = await manifestOf('private');
  expect(manifest).toMatchObject({ attributable: false, privacy: { epsilon: done!.privacy!.epsilon } });
  expect(JSON.stringify(manifest)).not.toContain(options.noiseSecret);
  await expect(run('no secret', { recipe: options.recipe })).rejects.toMatchObject({ code: 'recipe_invalid' });
});
