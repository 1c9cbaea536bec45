import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyModel } from '../../io/test-support/tiny-model.ts';
import { SessionCache } from '../../runtime/session-cache.ts';
import { planAdapterTraining } from '../../train/adapter-plan.ts';
import { runAdapterTraining } from '../../train/adapter-run.ts';
import { loadBaseModel } from '../../train/base-model.ts';
import { type ChatExample, prepareExamples } from '../../train/prepare-examples.ts';
import { type Recipe, recipePresets } from '../../train/recipe.ts';
import { AttributionService } from '../attribution-service.ts';
import { loadAdaptedModel } from '../gradient-source.ts';
import { measureAttribution } from './measure-attribution.ts';
import type { MeasuredAttribution, MeasureEvent, MeasureInput } from './measure-input.ts';
import { Retrainer } from './retrainer.ts';

const colours = ['red', 'blue', 'old', 'north'];
const things = ['house', 'mat', 'river', 'dog', 'cat', 'man'];
const rows: ChatExample[] = Array.from({ length: 44 }, (_, i) => ({
  id: `row_${i}`,
  messages: [
    { role: 'user', content: `what colour is ${things[i % 6]} ${i}?` },
    { role: 'assistant', content: `${things[i % 6]} ${i} is ${colours[(i * 7 + (i >> 2)) % 4]}.` },
  ],
}));
const data = { train: rows.slice(4), heldOut: rows.slice(0, 4), datasetRoot: '0x1' };
const healthy: Recipe = {
  ...recipePresets.quick,
  lora: { ...recipePresets.quick.lora, r: 2, loraAlpha: 4 },
  learningRate: 0.005,
  epsRoot: 1e-6,
  epochs: 8,
  maxSeqLength: 96,
};
/** Steps so large that moving a row's weight by a twentieth ends anywhere. */
const unhealthy: Recipe = { ...healthy, learningRate: 0.05 };

let folder: string;
let modelDir: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  modelDir = await createTinyModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains an adapter with its index; returns what measuring takes. */
async function trained(recipe: Recipe, name: string): Promise<MeasureInput> {
  const adapterDir = join(folder, name);
  const input = { modelDir, recipe, train: data.train, evaluation: data.heldOut, datasetRoot: data.datasetRoot };
  for await (const _ of runAdapterTraining({ ...input, outDir: adapterDir, threads: 1 }, () => false));
  const indexFile = join(adapterDir, 'attribution.index');
  const service = new AttributionService(1);
  const silent = { onProgress: () => {}, isStopped: () => false };
  await service.buildIndex({ modelDir, adapterDir, examples: data.train, outFile: indexFile }, silent);
  await service.release();
  const budget = { subsets: 4, cpuSeconds: 100 };
  return { modelDir, adapterDir, indexFile, ...data, recipe, seed: 's', ...budget, known: {} };
}

async function eventsOf(input: MeasureInput, isStopped = () => false): Promise<MeasureEvent[]> {
  const events: MeasureEvent[] = [];
  for await (const event of measureAttribution(input, isStopped)) events.push(event);
  return events;
}

function resultOf(events: MeasureEvent[]): MeasuredAttribution {
  const last = events.at(-1);
  if (last?.type !== 'measured') throw new Error(`ended with ${last?.type}`);
  return last.result;
}

describe('measureAttribution', () => {
  let input: MeasureInput;
  let events: MeasureEvent[];

  beforeAll(async () => {
    input = await trained(healthy, 'healthy');
    events = await eventsOf(input);
  });

  it('trains again to the bit what the run trained, when all rows weigh 1', async () => {
    const plan = await planAdapterTraining({ ...input, outDir: folder, evaluation: data.heldOut, threads: 1 });
    const sessions = new SessionCache(12, plan);
    const retrainer = new Retrainer(plan, sessions, () => false);
    const { adapter } = await loadAdaptedModel(plan.base, input.adapterDir);
    expect(await retrainer.train(new Float64Array(40).fill(1))).toEqual(adapter.theta);
    await sessions.release();
  });

  it('tells a smooth training from one that no attribution can be right about', async () => {
    const wild = resultOf(await eventsOf(await trained(unhealthy, 'unhealthy')));
    expect(resultOf(events).smoothness!.value).toBeGreaterThan(0.95);
    expect(wild.smoothness!.value).toBeLessThan(0.8);
  });

  it('holds predictions against trainings on halves, in micro-nats', () => {
    expect(events.slice(0, 4).map(({ type }) => type)).toEqual(['answers', 'trained', 'trained', 'planned']);
    const { answers, halves, withoutRow, score, rows: count } = resultOf(events);
    expect({ answers: answers.length, halves: halves.length, count }).toEqual({ answers: 44, halves: 4, count: 40 });
    expect(
      answers
        .filter(({ isTrained }) => isTrained === false)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(data.heldOut.map(({ id }) => id).sort());
    expect(withoutRow).toEqual([]);
    const numbers = halves.flatMap(({ predicted, measured }) => [...predicted, ...measured]);
    expect(numbers.every(Number.isSafeInteger)).toBe(true);
    expect(answers.filter(({ rowGainMicronats }) => rowGainMicronats! > 0).length).toBeGreaterThan(40);
    expect(score.perAnswer).toHaveLength(44);
  });

  it('goes on from what was measured before, to the same result', async () => {
    const known = Object.fromEntries(
      events.flatMap((event) => (event.type === 'trained' ? [[event.key, event.effects] as const] : [])).slice(0, 4),
    );
    const rest = await eventsOf({ ...input, known });
    expect(rest.filter(({ type }) => type === 'trained')).toHaveLength(2);
    expect(resultOf(rest)).toEqual(resultOf(events));
  });

  it('measures given answers by rows left out one by one, too', async () => {
    const { tokenizer } = await loadBaseModel(modelDir);
    const prepared = prepareExamples(tokenizer, data.train, { maxSeqLength: 96, lossOn: 'completion' }, 'answers');
    const answers = prepared.examples.slice(0, 16).map(({ id, ids, labels, mask }) => ({
      id: `inf_${id}`,
      promptIds: [...ids.subarray(0, mask.indexOf(1) + 1)],
      completionIds: [...labels.subarray(mask.indexOf(1))],
    }));
    const { withoutRow, smoothness, answers: measured } = resultOf(await eventsOf({ ...input, answers }));
    expect(smoothness).toBeNull();
    expect(measured.every(({ isTrained, rowGainMicronats }) => isTrained === null && rowGainMicronats === null)).toBe(
      true,
    );
    expect(withoutRow).toHaveLength(4);
    for (const { predicted, measured: effects, answerId } of withoutRow) {
      const at = measured.findIndex(({ id }) => id === answerId);
      // Without its strongest row an answer is less likely: so it was predicted, and so it comes.
      expect(predicted[at]).toBeLessThan(0);
      expect(effects[at]).toBeLessThan(0);
    }
  });

  it('says why nothing can be measured: too few rows, too small a budget, rows that act together', async () => {
    const refusals = await Promise.all(
      [
        { ...input, train: data.train.slice(0, 20) },
        { ...input, subsets: null, cpuSeconds: 0.01 },
        { ...input, recipe: { ...healthy, packing: true } },
      ].map(async (changed) => (await eventsOf(changed)).at(-1)),
    );
    expect(refusals).toMatchObject([{ reason: 'too_small' }, { reason: 'too_dear' }, { reason: 'not_attributable' }]);
  });

  it('stops when it is asked to', async () => {
    let asked = 0;
    await expect(eventsOf(input, () => ++asked > 60)).rejects.toMatchObject({ code: 'attribution_stopped' });
  });
});
