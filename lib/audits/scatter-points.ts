import type { EffectPoint, MeasuredRetraining } from './types.ts';

/** More dots than this hide each other. */
const pointsMax = 320;

/**
 * Predicted against measured effects for a chart, each in standard deviations of its answer: answers differ in how much is at
 * stake, and the score compares within each. At most 320 of them, evenly chosen.
 */
export function scatterPoints(halves: readonly MeasuredRetraining[]): EffectPoint[] {
  const answers = halves[0]?.measured.length ?? 0;
  const points: EffectPoint[] = [];
  for (let answer = 0; answer < answers; answer++) {
    const predicted = standardised(halves.map((half) => half.predicted[answer]!));
    const measured = standardised(halves.map((half) => half.measured[answer]!));
    if (predicted && measured) points.push(...predicted.map((x, i) => ({ predicted: x, measured: measured[i]! })));
  }
  const every = Math.max(1, Math.ceil(points.length / pointsMax));
  return points.filter((_, i) => i % every === 0);
}

/** Null where all values are the same. Three decimals are more than a chart shows. */
function standardised(values: readonly number[]): number[] | null {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return deviation > 0 ? values.map((value) => Math.round((1000 * (value - mean)) / deviation) / 1000) : null;
}
