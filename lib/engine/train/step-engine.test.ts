import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { defaultLoraConfig } from '../lora/config.ts';
import { adapterLayout } from '../lora/layout.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { loadBaseModel } from './base-model.ts';
import { plainBatches, toMicroBatch } from './batches.ts';
import { createStepEngine } from './create-step-engine.ts';
import { estimateTraining } from './estimate-training.ts';
import { lengthOfB } from './graphs.ts';
import { prepareExamples, type TrainingExample } from './prepare-examples.ts';
import { createNormal } from './random.ts';
import { recipePresets } from './recipe.ts';

const rows: TrainingExample[] = Array.from({ length: 7 }, (_, i) => ({
  id: `ex_${i}`,
  messages: [
    { role: 'user', content: 'what colour is the house?' },
    { role: 'assistant', content: `it is red, said the cat${' and the dog'.repeat(2 * i)}.` },
  ],
}));

test('a row has the same gradient alone, in company, and cut to its B part', async () => {
  const root = await mkdtemp(join(tmpdir(), 'per-example-'));
  const base = await loadBaseModel(await createTinyModel(root));
  const layout = adapterLayout(base.config, { ...defaultLoraConfig, r: 2, loraAlpha: 4 });
  const normal = createNormal('theta');
  const theta = Float32Array.from({ length: layout.length }, () => 0.1 * normal());
  const { examples } = prepareExamples(base.tokenizer, rows, { maxSeqLength: 96, lossOn: 'completion' }, 'set');
  const collect = async (batchSize: number, parts: 'A+B' | 'B') => {
    const found = new Map<number, { gradient: Float32Array; loss: number }>();
    const sessions = new SessionCache(8, { threads: 1 });
    const engine = createStepEngine({ base, layout, sessions });
    const width = parts === 'B' ? lengthOfB(layout) : layout.length;
    const lengths = examples.map(({ ids }) => ids.length);
    for (const batch of plainBatches(lengths, batchSize, base.config.max_position_embeddings)) {
      const { gradients, losses } = await engine.exampleGradients(
        theta,
        toMicroBatch(examples, batch, batchSize, 1),
        parts,
      );
      for (const [slot, index] of batch.rows.entries()) {
        const own = losses.subarray(slot * batch.time, (slot + 1) * batch.time);
        const gradient = gradients.slice(slot * width, (slot + 1) * width);
        found.set(index, { gradient, loss: own.reduce((sum, loss) => sum + loss, 0) });
      }
    }
    await sessions.release();
    return found;
  };
  const [alone, together, onlyB] = [await collect(1, 'A+B'), await collect(3, 'A+B'), await collect(3, 'B')];
  expect(together.size).toBe(rows.length);
  for (const [index, { gradient, loss }] of alone) {
    expect(loss).toBeGreaterThan(1);
    expect(together.get(index)!.loss).toBeCloseTo(loss, 3);
    expectSame(together.get(index)!.gradient, gradient);
    const entriesOfB = layout.entries.filter(({ part }) => part === 'B');
    const cut = entriesOfB.flatMap(({ offset, length }) => [...gradient.subarray(offset, offset + length)]);
    expect(cut.length).toBe(lengthOfB(layout));
    expectSame(onlyB.get(index)!.gradient, cut);
  }

  const estimate = await estimateTraining({ modelDir: root, examples: rows, recipe: recipePresets.quick, threads: 1 });
  expect(estimate.steps).toBe(3);
  expect(estimate.tokens).toBe(3 * examples.reduce((sum, { ids }) => sum + ids.length, 0));
  expect(estimate.flops).toBeGreaterThan(0);
  expect(estimate.secondsEstimate).toBeGreaterThan(0);
  expect(estimate.memoryBytes).toBeGreaterThan(100e6);
  await rm(root, { recursive: true });
});

function expectSame(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  const scale = Math.max(...Array.from(expected, Math.abs));
  expect(Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!))) / scale).toBeLessThan(1e-5);
}
