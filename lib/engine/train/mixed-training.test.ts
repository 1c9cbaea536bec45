import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttributionEngine } from '../attribution/attribution-engine.ts';
import { readRowDiagnostics } from '../attribution/row-diagnostics.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { runAdapterTraining } from './adapter-run.ts';
import type { ChatExample } from './prepare-examples.ts';
import { type Recipe, recipePresets } from './recipe.ts';
import type { TrainEvent } from './train-events.ts';

const things = ['house', 'mat', 'river', 'dog', 'cat', 'man'];
const rows = things.flatMap((thing, i) =>
  ['is', 'was'].map((verb, k): ChatExample & { part: string } => ({
    id: `row_${i}_${k}`,
    messages: [
      { role: 'user', content: `what ${verb} ${thing}?` },
      { role: 'assistant', content: `${thing} ${verb} ${i % 2 ? 'red' : 'north'}.` },
    ],
    part: i < 4 ? 'a' : 'b',
  })),
);
const recipe: Recipe = {
  ...recipePresets.quick,
  ...{ lora: { ...recipePresets.quick.lora, r: 2, loraAlpha: 4 }, learningRate: 0.005, epochs: 4, maxSeqLength: 64 },
};
let folder: string;
let modelDir: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mixed-'));
  modelDir = await createTinyModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));

async function train(name: string, tenthsOf: (row: (typeof rows)[number]) => object, change: Partial<Recipe> = {}) {
  const events: TrainEvent[] = [];
  const given = rows.map(({ part, ...row }) => ({ ...row, ...tenthsOf({ ...row, part }) }));
  const input = {
    modelDir,
    outDir: join(folder, name),
    train: given.slice(2),
    evaluation: given.slice(0, 2),
    threads: 1,
  };
  const all = { ...input, recipe: { ...recipe, ...change }, datasetRoot: '0x1' };
  for await (const event of runAdapterTraining(all, () => false)) events.push(event);
  const done = events.at(-1)!;
  if (done.type !== 'done') throw new Error('not done');
  return { events, adapter: done.adapterSha256, given: given.slice(2) };
}

describe('training on several sources', () => {
  it('gives the same adapter as one source where all are read once, and says who pulls how much', async () => {
    const plain = await train('plain', () => ({}));
    const mixed = await train('mixed', ({ part }) => ({ part, tenths: 10 }));
    expect(mixed.adapter).toBe(plain.adapter);
    expect(plain.events.some(({ type }) => type === 'gradient')).toBe(false);
    const pulls = mixed.events.filter((event) => event.type === 'gradient');
    expect(pulls.map(({ step }) => step)).toEqual([1]);
    const rowsRead = (part: string) => pulls[0]!.parts.find((one) => one.part === part)!.rows;
    expect(rowsRead('a') + rowsRead('b')).toBe(8);
    for (const { parts } of pulls) for (const { norm } of parts) expect(norm).toBeGreaterThan(0);
  });

  it('reads a part twice a pass at twice the weight, whose rows then have the larger influence', async () => {
    const heavy = await train('heavy', ({ part }) => ({ part, tenths: part === 'b' ? 20 : 5 }));
    const started = heavy.events[0]!;
    if (started.type !== 'started') throw new Error('not started');
    expect(started.totalSteps).toBe(4 * Math.ceil((3 + 8) / 8));
    const engine = AttributionEngine.open({ threads: 1 });
    const outFile = (name: string) => join(folder, `${name}.index`);
    const place = { modelDir, adapterDir: join(folder, 'heavy') };
    try {
      const build = (name: string, examples: ChatExample[]) =>
        engine.buildIndex({ ...place, examples, outFile: outFile(name), onProgress: () => {} });
      await build('weighted', heavy.given);
      await build(
        'even',
        heavy.given.map(({ id, messages }) => ({ id, messages })),
      );
      const norms = await Promise.all(['weighted', 'even'].map((name) => selfInfluences(outFile(name))));
      const ratio = (at: number) => norms[0]![at]! / norms[1]![at]!;
      // Of the readings' mean, 1.14 once a pass, part b has 1.75 times as many, part a 0.44 times.
      expect(ratio(norms[0]!.length - 1)).toBeGreaterThan(1);
      expect(ratio(0)).toBeLessThan(1);
      // A score is of all that a row's readings did: four times as many for part b, less what the Fisher of as many takes off.
      const scores = await Promise.all(
        ['weighted', 'even'].map(async (name) => {
          const answer = { promptIds: [5, 6, 7], completionIds: [8, 9, 10, 11] };
          return (await engine.score({ ...place, indexFile: outFile(name), ...answer })).scores;
        }),
      );
      const gains = Array.from(scores[0]!, (score, at) => Number(score) / Number(scores[1]![at]!));
      const ofB = heavy.given.length - 4;
      const fourfold = median(gains.slice(ofB)) / median(gains.slice(0, ofB));
      expect(fourfold).toBeGreaterThan(2);
      expect(fourfold).toBeLessThan(4);
    } finally {
      await engine.close();
    }
  });

  it('refuses what takes every row once a pass', async () => {
    const weights = () => ({ part: 'a', tenths: 20 });
    await expect(train('packed', weights, { packing: true })).rejects.toMatchObject({ code: 'recipe_invalid' });
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

async function selfInfluences(indexFile: string): Promise<number[]> {
  return (await readRowDiagnostics(indexFile))!.map(({ selfInfluence }) => selfInfluence);
}
