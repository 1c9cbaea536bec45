import { describe, expect, it } from 'vitest';
import { tinyConfig } from '../io/test-support/tiny-model.ts';
import { type AdapterLayout, adapterLayout } from '../lora/layout.ts';
import { scopedLayout } from '../lora/layout-part.ts';
import { linearModules } from '../nn/weights.ts';
import { bytesPerRowMax, chooseSketch } from './choose-sketch.ts';
import { rowStride } from './row-shard.ts';

const layoutOf = (layers: number, r: number, hidden = tinyConfig.hidden_size): AdapterLayout =>
  adapterLayout(
    {
      ...tinyConfig,
      num_hidden_layers: layers,
      hidden_size: hidden,
      head_dim: hidden / 4,
      intermediate_size: Math.round(2.7 * hidden),
    },
    { r, loraAlpha: 16, loraDropout: 0, targetModules: linearModules },
  );

/** Most bytes of one row with its id and its part of factors and bases, when all columns are of the widest matrices. */
const bytesOf = (layout: AdapterLayout, rows: number): number => {
  const { scope, columns, rankWidth } = chooseSketch(layout, rows);
  const { entries } = scopedLayout(layout, scope);
  const widest = Math.max(...entries.map(({ shape }) => shape[0]));
  const size = columns * rankWidth;
  const ranks = rankWidth < layout.lora.r ? entries.length * layout.lora.r * rankWidth : 0;
  const layers = new Set(entries.map(({ layer }) => layer)).size;
  return (
    rowStride(layers * size) + 32 + (layers * (size * (size + 1) + 2 * columns * widest) + 2 * ranks + 1500) / rows
  );
};

describe('chooseSketch', () => {
  it('stays within 4 kB a row from 1,000 rows on, all included, and within 2 kB beyond 100,000', () => {
    for (const rows of [1000, 2500, 100_000, 100_001, 1_000_000]) {
      for (const r of [8, 16, 64, 256]) {
        for (const hidden of [160, 576]) {
          expect(bytesOf(layoutOf(5, r, hidden), rows)).toBeLessThanOrEqual(bytesPerRowMax(rows));
        }
      }
    }
  });

  it('takes all layers, beyond 10,000 rows the last two, with as many columns as fit', () => {
    const scope = { firstLayer: 3, modules: linearModules };
    expect(chooseSketch(layoutOf(5, 8, 160), 1_000_000)).toEqual({ scope, columns: 124, rankWidth: 8 });
    expect(chooseSketch(layoutOf(5, 8, 160), 100_000)).toEqual({ scope, columns: 128, rankWidth: 8 });
    const all = { ...scope, firstLayer: 0 };
    expect(chooseSketch(layoutOf(5, 8, 160), 10_001).scope).toEqual(scope);
    expect(chooseSketch(layoutOf(5, 8, 160), 1000)).toEqual({ scope: all, columns: 62, rankWidth: 8 });
    expect(chooseSketch(layoutOf(5, 256, 160), 100_000)).toEqual({ scope, columns: 32, rankWidth: 32 });
    // A small adapter as it is.
    expect(chooseSketch(layoutOf(5, 4), 10)).toEqual({ scope: all, columns: 219, rankWidth: 4 });
    expect(chooseSketch(layoutOf(1, 4), 10).scope.firstLayer).toBe(0);
  });

  it('takes those of its matrices that are adapted, and what it is asked for', () => {
    const lora = { r: 4, loraAlpha: 8, loraDropout: 0, targetModules: ['q_proj', 'v_proj'] as const };
    expect(
      chooseSketch(adapterLayout(tinyConfig, { ...lora, targetModules: [...lora.targetModules] }), 10).scope,
    ).toEqual({
      firstLayer: 0,
      modules: ['q_proj', 'v_proj'],
    });
    const scope = { firstLayer: 4, modules: linearModules };
    expect(chooseSketch(layoutOf(5, 8), 10, { scope, columns: 3 })).toEqual({ scope, columns: 3, rankWidth: 8 });
  });
});
