import { expect, test } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { defaultLoraConfig } from '../lora/config.ts';
import { adapterLayout, initializeAdapter } from '../lora/layout.ts';
import { atStrength } from './at-strength.ts';
import type { AdaptedModel } from './gradient-source.ts';

test('B is scaled, A and the adapter itself stay, and it is made once', () => {
  const layout = adapterLayout(tinyConfig, defaultLoraConfig);
  const theta = initializeAdapter(layout, 'seed').map((value, i) => value + i / layout.length);
  const before = theta.slice();
  const model = { adapter: { layout, theta } } as unknown as AdaptedModel;
  const half = atStrength(model, 0.5).adapter;
  for (const { part, offset, length } of layout.entries) {
    for (const i of [offset, offset + length - 1]) {
      expect(half.theta[i]).toBe(part === 'B' ? Math.fround(theta[i]! * 0.5) : theta[i]);
    }
  }
  expect(theta).toEqual(before);
  expect(atStrength(model, 0.5).adapter).toBe(half);
  expect(atStrength(model, 1)).toBe(model);
});
