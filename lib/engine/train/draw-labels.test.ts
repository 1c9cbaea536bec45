import { afterAll, expect, test } from 'vitest';
import { defaultLoraConfig, loraScale } from '../lora/config.ts';
import { adapterLayout, unpackAdapter } from '../lora/layout.ts';
import { referenceLogits } from '../nn/test-support/reference-llama.ts';
import { tinyBatch, tinyConfig, tinyTheta } from '../nn/test-support/tiny-llama.ts';
import { weightViews } from '../nn/weights.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { createStepEngine } from './create-step-engine.ts';
import { createNormal, createRandom } from './random.ts';

const [batch, time, count] = [2, 8, 4000];
const lora = { ...defaultLoraConfig, r: 2, loraAlpha: 4 };
const layout = adapterLayout(tinyConfig, lora);
const weights = weightViews(tinyConfig, tinyTheta(tinyConfig, 'base'));
const normal = createNormal('adapter');
const theta = Float32Array.from({ length: layout.length }, () => 0.3 * normal());
const feeds = tinyBatch(tinyConfig, batch, time, 'rows');
const sessions = new SessionCache(4, { threads: 1 });
afterAll(() => sessions.release());

/** Softmax of the float64 Llama's logits after each token of a row. */
function probabilitiesOf(row: number): number[][] {
  const tensors = unpackAdapter(layout, theta);
  const delta = (path: string) => ({
    a: tensors[`base_model.model.${path}.lora_A.weight`]!.data,
    b: tensors[`base_model.model.${path}.lora_B.weight`]!.data,
    ...{ rank: lora.r, scale: loraScale(lora) },
  });
  const logits = referenceLogits(tinyConfig, weights, feeds.ids.subarray(row * time, (row + 1) * time), delta);
  return logits.map((values) => {
    const exponentials = Array.from(values, Math.exp);
    const sum = exponentials.reduce((total, value) => total + value, 0);
    return exponentials.map((value) => value / sum);
  });
}

test('labels come as often as the adapted model says, independently, where there is loss and nowhere else', async () => {
  const engine = createStepEngine({ base: { config: tinyConfig, weights, sha256: 'tiny' }, layout, sessions });
  const lossWeights = feeds.lossWeights.map((_, at) => (at % time < 3 ? 0 : 0.5));
  const micro = { batch, time, feeds: { ...feeds, lossWeights } };
  const draws = await engine.drawLabels(theta, micro, { count, random: createRandom('labels') });
  expect(draws).toHaveLength(count);
  const agreements: boolean[] = [];
  for (let row = 0; row < batch; row++) {
    const probabilities = probabilitiesOf(row);
    for (let t = 0; t < time; t++) {
      const at = row * time + t;
      const drawn = draws.map((labels) => labels[at]!);
      if (t < 3) {
        expect(new Set(drawn)).toEqual(new Set([feeds.labels[at]!]));
        continue;
      }
      const found = new Float64Array(tinyConfig.vocab_size);
      for (const label of drawn) found[label]! += 1;
      // Pearson's statistic: its mean is the number of labels less one, its variance twice that.
      const statistic = probabilities[t]!.reduce(
        (sum, p, label) => sum + (found[label]! - count * p) ** 2 / (count * p),
        0,
      );
      const freedom = tinyConfig.vocab_size - 1;
      expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
      const mean = probabilities[t]!.reduce((sum, p) => sum + p * p, 0);
      const repeated = drawn.slice(1).filter((label, i) => label === drawn[i]).length / (count - 1);
      agreements.push(Math.abs(repeated - mean) < 5 * Math.sqrt((mean * (1 - mean)) / count));
    }
  }
  expect(agreements.every(Boolean)).toBe(true);
  // Equal numbers, equal labels.
  const again = await engine.drawLabels(theta, micro, { count: 2, random: createRandom('labels') });
  expect(again).not.toEqual(draws.slice(0, 2)); // numbers are used position by position
  expect(await engine.drawLabels(theta, micro, { count: 2, random: createRandom('labels') })).toEqual(again);
});
