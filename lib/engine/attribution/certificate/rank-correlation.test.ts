import { describe, expect, it } from 'vitest';
import { createNormal } from '../../train/random.ts';
import { datamodelingScore, type Retraining } from './datamodeling-score.ts';
import { linearCorrelation, rankCorrelation } from './rank-correlation.ts';
import { metasmoothness } from './smoothness.ts';
import { randomHalf, randomSigns } from './subsets.ts';

describe('rankCorrelation', () => {
  it('sees order alone, and shares ranks between equal values', () => {
    expect(rankCorrelation([1, 2, 30], [5, 6, 7])).toBeCloseTo(1, 12);
    expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
    // Ranks 1.5 1.5 3 4 against 1 2 3 4: by hand 4.5 / sqrt(4.5 x 5).
    expect(rankCorrelation([7, 7, 8, 9], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
    expect(rankCorrelation([2, 2, 2], [1, 2, 3])).toBe(0);
    expect(linearCorrelation([1, 2, 4], [2, 4, 8])).toBeCloseTo(1, 12);
  });
});

describe('datamodelingScore', () => {
  /** Retrainings whose measured effect is `weight` parts prediction and the rest noise. */
  const simulate = (weight: number, count: number, seed: string): Retraining[] => {
    const normal = createNormal(seed);
    return Array.from({ length: count }, () => {
      const predicted = Array.from({ length: 30 }, () => normal());
      return { predicted, measured: predicted.map((value) => weight * value + Math.sqrt(1 - weight ** 2) * normal()) };
    });
  };
  /** Spearman's of a normal pair with Pearson's `weight`. */
  const truth = (weight: number) => (6 / Math.PI) * Math.asin(weight / 2);

  it('has a bound below the truth in at least 9 of 10 measurements, and not far below', () => {
    const scores = Array.from({ length: 20 }, (_, i) => datamodelingScore(simulate(0.7, 20, `s${i}`)));
    expect(scores.filter(({ lower }) => lower < truth(0.7)).length).toBeGreaterThanOrEqual(18);
    for (const { score, lower, upper } of scores) {
      expect(Math.abs(score - truth(0.7))).toBeLessThan(0.12);
      expect(score - lower).toBeLessThan(0.15);
      expect(upper - score).toBeCloseTo(score - lower, 12);
    }
  });

  it('narrows with more retrainings, and says nothing of too few', () => {
    const [few, many] = [10, 40].map((count) => datamodelingScore(simulate(0.5, count, 'n')));
    expect(many!.score - many!.lower).toBeLessThan(few!.score - few!.lower);
    expect(datamodelingScore(simulate(0.9, 3, 'n'))).toMatchObject({ score: 0, lower: -1, upper: 1 });
    expect(datamodelingScore(simulate(0, 20, 'z')).lower).toBeLessThan(0);
  });
});

it('metasmoothness weighs every output by how far it moved', () => {
  expect(
    metasmoothness([
      [0, 0],
      [1, 2],
      [2, 3],
    ]),
  ).toBe(1);
  expect(
    metasmoothness([
      [0, 0],
      [1, 3],
      [0, 4],
    ]),
  ).toBe((3 - 1) / 4);
  expect(metasmoothness([[0], [0], [1]])).toBe(0);
});

it('halves and directions follow from seed and number alone', () => {
  const half = randomHalf(11, 's', 3);
  expect(half).toHaveLength(6);
  expect([...half]).toEqual([...new Set(half)].sort((a, b) => a - b));
  expect(randomHalf(11, 's', 3)).toEqual(half);
  expect(randomHalf(11, 's', 4)).not.toEqual(half);
  const signs = randomSigns(200, 's');
  expect(new Set(signs)).toEqual(new Set([1, -1]));
  expect(Math.abs(signs.reduce((sum, sign) => sum + sign, 0))).toBeLessThan(50);
});
