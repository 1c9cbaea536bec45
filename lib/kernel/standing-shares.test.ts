import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProbedAnswer, standingAnswersMin, standingShares } from './standing-shares.ts';

const answer = fc.record({
  rows: fc.uniqueArray(
    fc.record({
      exampleId: fc.integer({ min: 0, max: 30 }).map((n) => `ex_${String(n).padStart(2, '0')}`),
      score: fc.bigInt({ min: -100n, max: 10n ** 12n }),
    }),
    { selector: (row) => row.exampleId, maxLength: 12 },
  ),
  cutScore: fc.bigInt({ min: 0n, max: 10n ** 9n }),
});
const answers = fc.array(answer, { minLength: standingAnswersMin, maxLength: 24 });
const row = (exampleId: string, score: bigint) => ({ exampleId, score });

describe('standingShares', () => {
  it('sums to exactly 1,000,000 ppm whatever the order of answers and rows', () => {
    fc.assert(
      fc.property(answers, (list) => {
        const shares = standingShares(list);
        fc.pre(shares !== null);
        expect(shares!.reduce((sum, { ppm }) => sum + ppm, 0)).toBe(1_000_000);
        expect(shares!.every(({ ppm }) => ppm > 0)).toBe(true);
        const turned = list.toReversed().map((one) => ({ ...one, rows: one.rows.toReversed() }));
        expect(standingShares(turned)).toEqual(shares);
      }),
    );
  });

  it('counts every answer with a source the same, however strong its influence', () => {
    const list: ProbedAnswer[] = [
      ...Array.from({ length: 6 }, () => ({ rows: [row('ex_1', 10n)], cutScore: 0n })),
      { rows: [row('ex_1', 2n * 10n ** 15n), row('ex_2', 10n ** 15n), row('ex_3', 5n)], cutScore: 5n },
      { rows: [row('ex_2', 9n)], cutScore: 8n },
      { rows: [row('ex_4', 9n)], cutScore: 9n },
    ];
    expect(standingShares(list)).toEqual([
      { exampleId: 'ex_1', ppm: 833_333 },
      { exampleId: 'ex_2', ppm: 166_667 },
    ]);
  });

  it('says nothing from fewer than eight answers with a source', () => {
    const known = { rows: [row('ex_1', 10n)], cutScore: 0n };
    const unknown = { rows: [], cutScore: 0n };
    expect(standingShares([...Array.from({ length: 7 }, () => known), unknown])).toBeNull();
    expect(standingShares(Array.from({ length: 8 }, () => known))).toEqual([{ exampleId: 'ex_1', ppm: 1_000_000 }]);
  });
});
