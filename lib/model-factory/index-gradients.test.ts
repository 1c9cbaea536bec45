import { expect, test } from 'vitest';
import { thoroughRows } from '#lib/engine/attribution/choose-sketch.ts';
import { drawnCount, planDraws } from '#lib/engine/attribution/drawn-gradients.ts';
import type { RowGradientsInput } from '#lib/engine/attribution/row-features.ts';
import { gradientsPerRow } from './index-gradients.ts';

test.each([1, 7, 199, 200, 201, 399, 400, 401, 800, 801, 9_999, 10_000, 10_001, 1_000_000])(
  'the gradients of an index of %i rows are those that the engine takes',
  (rows) => {
    const points = rows > thoroughRows ? { model: {}, start: null } : { model: {}, start: {} };
    const source = { ...points, examples: { length: rows } } as unknown as RowGradientsInput;
    const drawn = drawnCount(source, planDraws(source, 'seed'));
    expect(gradientsPerRow(rows)).toBeCloseTo((points.start ? 2 : 1) + drawn / rows, 10);
    expect(drawn).toBeLessThanOrEqual(1600);
  },
);
