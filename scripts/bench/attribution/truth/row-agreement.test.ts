import { expect, test } from 'vitest';
import { rowAgreement } from './row-agreement.ts';

const effects = Float64Array.of(0.1, -0.2, 0.9, 0.3, 0);

test.each<[string, number[], Partial<ReturnType<typeof rowAgreement>>]>([
  ['the truth, scaled', [1, -2, 9, 3, 0], { pearson: 1, spearman: 1, isTopRight: 1, isInFirstThree: 1 }],
  ['the row as the third', [5, 4, 3, 0, 1], { isTopRight: 0, isInFirstThree: 1 }],
  ['the row as the fourth', [5, 4, 3, 6, 1], { isTopRight: 0, isInFirstThree: 0 }],
  ['turned round', [-1, 2, -9, -3, 0], { spearman: -1, isTopRight: 0, isInFirstThree: 0 }],
  ['nothing said', [0, 0, 0, 0, 0], { pearson: 0, spearman: 0, isTopRight: 0, isInFirstThree: 0 }],
])('%s', (_, scores, expected) => {
  const agreement = rowAgreement(Float64Array.from(scores), effects);
  for (const [name, value] of Object.entries(expected)) {
    expect(agreement[name as keyof typeof agreement], name).toBeCloseTo(value, 12);
  }
});
