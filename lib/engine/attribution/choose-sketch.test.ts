import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { type AdapterLayout, adapterLayout } from '../lora/layout.ts';
import { linearModules } from '../nn/weights.ts';
import { bytesPerRowMax, chooseSketch } from './choose-sketch.ts';
import { rowStride } from './row-shard.ts';

const layoutOf = (layers: number, r: number): AdapterLayout =>
  adapterLayout(
    { ...tinyConfig, num_hidden_layers: layers },
    { r, loraAlpha: 16, loraDropout: 0, targetModules: linearModules },
  );

describe('chooseSketch', () => {
  it('stays within 4 kB a row, factors and ids included, and within 2 kB beyond 100,000 rows', () => {
    for (const rows of [1000, 10_000, 100_000, 100_001, 1_000_000]) {
      for (const [layers, r] of [
        [2, 8],
        [5, 8],
        [5, 64],
        [30, 8],
        [32, 16],
      ] as const) {
        const { width, rankWidth } = chooseSketch(layoutOf(layers, r), rows);
        const layer = 7 * width * rankWidth;
        const factors = (2 * 4 * layer * (layer + 1)) / 2;
        expect(rowStride(2 * layer) + 32 + factors / rows).toBeLessThanOrEqual(bytesPerRowMax(rows));
        expect(width).toBeGreaterThanOrEqual(4);
      }
    }
  });

  it('takes the last two layers, all of the rank where it can, and the measured width of 16 at most', () => {
    expect(chooseSketch(layoutOf(1, 4), 10)).toEqual({ firstLayer: 0, width: 16, rankWidth: 4 });
    expect(chooseSketch(layoutOf(5, 8), 1000)).toEqual({ firstLayer: 3, width: 14, rankWidth: 8 });
    expect(chooseSketch(layoutOf(5, 8), 1_000_000)).toEqual({ firstLayer: 3, width: 16, rankWidth: 8 });
    expect(chooseSketch(layoutOf(30, 64), 1_000_000)).toEqual({ firstLayer: 28, width: 4, rankWidth: 32 });
    expect(chooseSketch(layoutOf(5, 8), 10, { layers: 4, width: 3 })).toEqual({
      firstLayer: 1,
      width: 3,
      rankWidth: 8,
    });
    // Without any fit, the narrowest.
    const huge = { ...layoutOf(5, 8), entries: layoutOf(2000, 8).entries };
    expect(chooseSketch(huge, 1_000_000, { layers: 2000 })).toEqual({ firstLayer: 0, width: 1, rankWidth: 1 });
  });
});
