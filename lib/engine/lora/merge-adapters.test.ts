import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../io/safetensors.ts';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel, tinyConfig } from '../io/test-support/tiny-model.ts';
import { referenceLogits } from '../nn/test-support/reference-llama.ts';
import { loraScale } from './config.ts';
import { unpackAdapter } from './layout.ts';
import { mergeAdapters, type WeightedAdapter } from './merge-adapters.ts';
import { mergedWeights, type Weights } from './merged-weights.ts';
import { scaledAdapter } from './scaled-adapter.ts';

const ids = [3, 14, 15, 92, 65];
let root = '';
let base: Weights = {};
let parents: WeightedAdapter[] = [];

/** Of different ranks, scales and modules, the second by rsLoRA. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'merge-adapters-'));
  const { tensors } = await readSafetensors(join(await createTinyModel(join(root, 'base')), 'model.safetensors'));
  base = Object.fromEntries([...tensors].map(([name, { data }]) => [name, data]));
  const one = await createTinyAdapter(join(root, 'one'), 'one', { targetModules: ['q_proj', 'down_proj'] });
  const two = await createTinyAdapter(join(root, 'two'), 'two', { r: 3, loraAlpha: 5, useRslora: true });
  const three = await createTinyAdapter(join(root, 'three'), 'three', {
    r: 1,
    loraAlpha: 1,
    targetModules: ['o_proj'],
  });
  parents = [one, two, three].map((adapter, i) => ({ ...adapter, weight: [0.5, 0.3, 0.2][i]! }));
});
afterAll(() => rm(root, { recursive: true }));

/** Beside an untouched base, as adapters are served. */
function logitsOf({ layout, theta }: Pick<WeightedAdapter, 'layout' | 'theta'>): Float64Array[] {
  const matrices = unpackAdapter(layout, theta);
  return referenceLogits(tinyConfig, base, ids, (path) => {
    const [a, b] = ['A', 'B'].map((part) => matrices[`base_model.model.${path}.lora_${part}.weight`]);
    return a && b ? { a: a.data, b: b.data, rank: layout.lora.r, scale: loraScale(layout.lora) } : null;
  });
}

describe('a weighted merge', () => {
  it('answers as the base with the weighted sum of all deltas in its weights does', () => {
    const merged = mergeAdapters(tinyConfig, parents);
    const summed = parents.reduce(
      (weights, { layout, theta, weight }) => mergedWeights(weights, layout, scaledAdapter(layout, theta, weight)),
      base,
    );
    const expected = referenceLogits(tinyConfig, summed, ids);
    expect(distance(logitsOf(merged), expected)).toBeLessThan(1e-5);
    expect(distance(referenceLogits(tinyConfig, base, ids), expected)).toBeGreaterThan(0.05);
    expect(distance(logitsOf(parents[0]!), expected)).toBeGreaterThan(0.05);
  });

  it('has the ranks of all, the modules of any, and scale 1', () => {
    const { layout, theta } = mergeAdapters(tinyConfig, parents);
    expect(layout.lora).toMatchObject({ r: 8, loraAlpha: 8, loraDropout: 0 });
    expect(layout.lora.targetModules).toHaveLength(7);
    expect(loraScale(layout.lora)).toBe(1);
    expect(theta).toHaveLength(layout.length);
  });

  it('of one adapter at full weight is that adapter, and beyond the largest rank is refused', () => {
    const [one] = parents as [WeightedAdapter];
    const alone = mergeAdapters(tinyConfig, [{ ...one, weight: 1 }]);
    expect(distance(logitsOf(alone), logitsOf(one))).toBeLessThan(1e-6);
    const many = Array.from({ length: 65 }, () => one); // of rank 4
    expect(() => mergeAdapters(tinyConfig, many)).toThrow('rank r is 260');
  });
});

function distance(a: Float64Array[], b: Float64Array[]): number {
  return Math.max(...a.flatMap((row, t) => [...row].map((value, i) => Math.abs(value - b[t]![i]!))));
}
