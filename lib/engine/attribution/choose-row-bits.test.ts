import { expect, test } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { adapterLayout } from '../lora/layout.ts';
import { linearModules } from '../nn/weights.ts';
import { chooseRowBits } from './choose-row-bits.ts';
import { layerRanges } from './layer-ranges.ts';

const layoutOf = (r: number) =>
  adapterLayout(
    { ...tinyConfig, num_hidden_layers: 5, hidden_size: 160, head_dim: 40, intermediate_size: 432 },
    { r, loraAlpha: 16, loraDropout: 0, targetModules: linearModules },
  );

test('layers lie one after the other in the gradient', () => {
  const ranges = layerRanges(layoutOf(8));
  expect(ranges).toHaveLength(5);
  for (const [i, { offset, length }] of ranges.entries()) expect(offset).toBe(i * length);
});

test('as many bits as fit into 4 kB a row, of a small index into 4 MB, none where a projection is better', () => {
  const layout = layoutOf(8);
  const numbers = layerRanges(layout).reduce((sum, { length }) => sum + length, 0);
  let last = 4;
  for (const rows of [1, 50, 130, 200, 400, 700, 1000, 5000, 10_000]) {
    const bits = chooseRowBits(layout, rows)!;
    expect(bits).toBeLessThanOrEqual(last + 0.01);
    last = bits;
    const bytes = rows * (32 + 4 + Math.ceil((numbers * bits) / 8)) + numbers / 4 + 2048;
    expect(bytes).toBeLessThanOrEqual(4096 * Math.max(1000, rows));
  }
  const rounded = [100, 200, 400, 1000, 10_000, 10_001].map((rows) => chooseRowBits(layout, rows)?.toFixed(1));
  expect(rounded).toEqual(['4.0', '2.7', '1.4', '0.5', '0.5', undefined]);
  expect(chooseRowBits(layoutOf(16), 1000)).toBeNull();
});
