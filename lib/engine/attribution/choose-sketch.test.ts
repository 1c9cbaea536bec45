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

/** Bytes of one row with its id and its part of the factor of the one layer that counts. */
const bytesOf = (layout: AdapterLayout, rows: number): number => {
  const { scope, width, rankWidth } = chooseSketch(layout, rows);
  const features = scopedLayout(layout, scope).entries.map(({ shape }) => Math.min(width, shape[0]) * rankWidth);
  const dims = features.reduce((sum, size) => sum + size, 0);
  return rowStride(dims) + 32 + (dims * (dims + 1)) / rows;
};

describe('chooseSketch', () => {
  it('stays within 4 kB a row, factors and ids included, and within 2 kB beyond 100,000 rows', () => {
    for (const rows of [2500, 10_000, 100_000, 100_001, 1_000_000]) {
      for (const r of [8, 16, 64, 256]) {
        expect(bytesOf(layoutOf(5, r), rows)).toBeLessThanOrEqual(bytesPerRowMax(rows));
        expect(bytesOf(layoutOf(5, r, 576), rows)).toBeLessThanOrEqual(bytesPerRowMax(rows));
      }
    }
  });

  it('takes the last layer, as wide as fits', () => {
    const scope = { firstLayer: 4, modules: linearModules };
    expect(chooseSketch(layoutOf(5, 8, 160), 1_000_000)).toEqual({ scope, width: 35, rankWidth: 8 });
    expect(chooseSketch(layoutOf(5, 8, 160), 100_000)).toEqual({ scope, width: 36, rankWidth: 8 });
    expect(chooseSketch(layoutOf(5, 8, 160), 1000)).toEqual({ scope, width: 36, rankWidth: 8 });
    // Where matrices have no more outputs than that, the others get their room.
    expect(chooseSketch(layoutOf(5, 8), 10)).toEqual({ scope, width: 64, rankWidth: 8 });
    expect(chooseSketch(layoutOf(5, 256, 160), 1_000_000)).toEqual({ scope, width: 4, rankWidth: 64 });
  });

  it('takes those of its matrices that are adapted, and what it is asked for', () => {
    const lora = { r: 4, loraAlpha: 8, loraDropout: 0, targetModules: ['q_proj', 'v_proj'] as const };
    expect(
      chooseSketch(adapterLayout(tinyConfig, { ...lora, targetModules: [...lora.targetModules] }), 10).scope,
    ).toEqual({
      firstLayer: 1,
      modules: ['q_proj', 'v_proj'],
    });
    const scope = { firstLayer: 0, modules: linearModules };
    expect(chooseSketch(layoutOf(5, 8), 10, { scope, width: 3 })).toEqual({ scope, width: 3, rankWidth: 8 });
  });
});
