import { expect, test } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { adapterLayout } from '../lora/layout.ts';
import { linearModules } from '../nn/weights.ts';
import { chooseDirections, directionBytes } from './choose-directions.ts';
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

test('as many bits as fit into 4 MB, codes and all, fewer for more rows, none for many', () => {
  const layout = layoutOf(8);
  const lengths = layerRanges(layout).map(({ length }) => length);
  let last = 4;
  for (const rows of [1, 50, 100, 150, 200, 250, 300, 400, 500, 2000, 200_000]) {
    const bits = chooseDirections(layout, rows) ?? 0;
    expect(bits).toBeLessThanOrEqual(last);
    last = bits;
    if (bits) expect(directionBytes(rows, { bits, lengths }) + rows * (5 * rows + 32)).toBeLessThan(4_096_000);
  }
  expect([100, 200, 400, 500].map((rows) => chooseDirections(layout, rows))).toEqual([4, 2, 1, null]);
  expect(chooseDirections(layoutOf(64), 400)).toBeNull();
});
