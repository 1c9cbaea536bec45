import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAdapter } from '#lib/engine/io/peft.ts';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import { runAdapterTraining } from '#lib/engine/train/adapter-run.ts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { recipePresets } from '#lib/engine/train/recipe.ts';
import { openTrainer } from './retrain.ts';
import { withoutRows } from './subsets.ts';

const examples = Array.from({ length: 10 }, (_, i): ChatExample => {
  const answer = `it is ${['red', 'blue', 'old'][i % 3]}.${' the cat.'.repeat(i % 3)}`;
  return {
    id: `ex_${i}`,
    messages: [
      { role: 'user', content: `what is ${i}?` },
      { role: 'assistant', content: answer },
    ],
  };
});
const recipe = {
  ...recipePresets.balanced,
  epochs: 3,
  batchSize: 4,
  seed: 5,
  evalEverySteps: 0,
  checkpointEverySteps: 0,
};

let folder = '';
let modelDir = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'truth-'));
  modelDir = await createTinyModel(join(folder, 'model'));
});
afterAll(() => rm(folder, { recursive: true }));

test("with all rows it is the product's own training, and without one another", async () => {
  const outDir = join(folder, 'adapter');
  const input = { modelDir, outDir, train: examples, evaluation: examples, recipe, datasetRoot: '0xroot', threads: 1 };
  for await (const _event of runAdapterTraining(input, () => false));
  const trainer = await openTrainer({ modelDir, examples, recipe, datasetRoot: '0xroot' });
  const { theta } = await readAdapter(outDir, trainer.base.config);
  const whole = await trainer.retrain({ seed: 5, kept: withoutRows(10, []), checkpoints: 3 });
  const without = await trainer.retrain({ seed: 5, kept: withoutRows(10, [3]) });
  const alike = await trainer.retrain({ seed: 5, kept: withoutRows(10, []), weights: Array(10).fill(1) });
  const moved = await trainer.retrain({ seed: 5, kept: withoutRows(10, []), weights: Array(10).fill(1).with(3, 0.5) });
  await trainer.sessions.release();
  const largestGap = (a: Float32Array, b: Float32Array): number =>
    a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  // The same sums in batches of other shapes: equal but for rounding.
  expect(largestGap(whole.theta, theta)).toBeLessThan(2e-4);
  expect(largestGap(without.theta, theta)).toBeGreaterThan(2e-3);
  expect(alike.theta).toEqual(whole.theta);
  expect(largestGap(moved.theta, whole.theta)).toBeGreaterThan(5e-4);
  expect(whole.checkpoints).toHaveLength(3);
  expect(whole.checkpoints[2]!.theta).toEqual(whole.theta);
  expect(largestGap(whole.checkpoints[1]!.theta, whole.theta)).toBeGreaterThan(1e-4);
});
