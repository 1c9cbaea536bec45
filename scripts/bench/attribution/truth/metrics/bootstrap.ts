import { createRandom } from '#lib/engine/train/random.ts';
import { mean } from './correlation.ts';

export type Interval = { value: number; low: number; high: number };

const resamples = 1000;

/**
 * Mean of all values with its 95 % interval: seeds are drawn with replacement, and of each drawn seed its answers.
 * @param bySeed values by seed and answer
 */
export function bootstrapMean(bySeed: readonly (readonly number[])[]): Interval {
  return bootstrap(
    bySeed.map((values) => values.length),
    (drawn) => mean(drawn.flatMap(({ seed, items }) => items.map((item) => bySeed[seed]![item]!))),
  );
}

/** As `bootstrapMean` for any statistic of the drawn answers. */
export function bootstrap(
  sizes: readonly number[],
  statistic: (drawn: { seed: number; items: number[] }[]) => number,
): Interval {
  const random = createRandom('bootstrap');
  const draw = (count: number): number => Math.floor(random() * count);
  const all = sizes.map((size, seed) => ({ seed, items: Array.from({ length: size }, (_, i) => i) }));
  const values = Array.from({ length: resamples }, () =>
    statistic(
      sizes.map(() => {
        const seed = draw(sizes.length);
        return { seed, items: Array.from({ length: sizes[seed]! }, () => draw(sizes[seed]!)) };
      }),
    ),
  ).sort((a, b) => a - b);
  return {
    value: statistic(all),
    low: values[Math.floor(0.025 * resamples)]!,
    high: values[Math.floor(0.975 * resamples) - 1]!,
  };
}
