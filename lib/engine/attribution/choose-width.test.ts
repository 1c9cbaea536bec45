import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { type AdapterLayout, adapterLayout } from '../lora/layout.ts';
import { linearModules } from '../nn/weights.ts';
import { bytesPerRowMax, chooseWidth } from './choose-width.ts';
import { rowStride } from './row-shard.ts';

const layoutOf = (layers: number, r: number): AdapterLayout =>
  adapterLayout(
    { ...tinyConfig, num_hidden_layers: layers },
    { r, loraAlpha: 16, loraDropout: 0, targetModules: linearModules },
  );

describe('chooseWidth', () => {
  it('stays within 4 kB a row, factors and ids included, and within 2 kB beyond 100,000 rows', () => {
    for (const rows of [10_000, 100_000, 100_001, 1_000_000]) {
      for (const [layers, r] of [
        [2, 8],
        [5, 8],
        [5, 64],
        [30, 8],
        [32, 16],
      ] as const) {
        const { width, rankWidth } = chooseWidth(layoutOf(layers, r), rows);
        const layer = 7 * width * rankWidth;
        const factors = (layers * 4 * layer * (layer + 1)) / 2;
        expect(rowStride(layers * layer) + 32 + factors / rows).toBeLessThanOrEqual(bytesPerRowMax(rows));
        expect(width).toBeGreaterThanOrEqual(4);
      }
    }
  });

  it('takes what fits: all of the rank where it can, and the measured 16 at most', () => {
    expect(chooseWidth(layoutOf(2, 4), 10)).toEqual({ width: 16, rankWidth: 4 });
    expect(chooseWidth(layoutOf(5, 8), 100_000)).toEqual({ width: 14, rankWidth: 8 });
    expect(chooseWidth(layoutOf(5, 8), 1_000_000)).toEqual({ width: 7, rankWidth: 8 });
    expect(chooseWidth(layoutOf(30, 8), 100_000)).toEqual({ width: 4, rankWidth: 4 });
    // Without any fit, the narrowest.
    expect(chooseWidth(layoutOf(2000, 8), 1_000_000)).toEqual({ width: 1, rankWidth: 1 });
  });
});
