import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseProbes, findConflicts, isLow, probesMax, probesMin, type QuestionedRow, spreadOf } from './rules.ts';

const nets = (values: number[]) => values.map((value) => ({ net: BigInt(value) }));

describe('isLow', () => {
  it('is who stands four deviations below the median, and nobody else', () => {
    const spread = spreadOf(nets([5, 6, 7, 8, 9, 10, 11, -40]));
    expect(spread).toEqual({ median: 7n, mad: 2n });
    expect(nets([-40, -2, -1, 0, 7, 90]).map((net) => isLow(net, spread))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('never takes half of the people, whatever the figures', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), { minLength: 1, maxLength: 60 }),
        (values) => {
          const all = nets(values);
          const spread = spreadOf(all);
          expect(all.filter((net) => isLow(net, spread)).length * 2).toBeLessThan(all.length);
        },
      ),
    );
  });
});

describe('chooseProbes', () => {
  const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  it('takes held-out rows first, trained ones to fill up, and none where there are too few', () => {
    expect(chooseProbes(ids('h', 10), ids('t', 100))).toEqual([...ids('h', 10), ...ids('t', probesMin - 10)]);
    expect(chooseProbes(ids('h', 500), ids('t', 100))).toEqual(ids('h', probesMax));
    expect(chooseProbes(ids('h', 10), ids('t', probesMin - 11))).toEqual([]);
  });
});

describe('findConflicts', () => {
  const row = (id: number, question: string, answer: string, gradientNorm: number): QuestionedRow => {
    return { id: `ex_${id}`, question, answer, gradientNorm };
  };
  const usual = Array.from({ length: 40 }, (_, i) => row(i, `What is ${i}?`, `It is number ${i}.`, 1 + i / 100));

  it('names a row that contradicts an older one and was not learnt', () => {
    const poison = row(99, 'what is 3', 'It is a lie.', 9);
    expect(findConflicts([...usual, poison])).toEqual([
      { id: 'ex_99', olderId: 'ex_3', gradientNorm: 9, usualNorm: expect.closeTo(1.2, 5) },
    ]);
  });

  it.each([
    ['a different answer that was learnt', row(99, 'What is 3?', 'It is a lie.', 1)],
    ['the same answer in other spelling', row(99, 'What is 3?', 'IT IS number 3!', 9)],
    ['a hard row with a question of its own', row(99, 'Why?', 'Nobody knows.', 9)],
    ['a row without a question', row(99, '', 'Nobody knows.', 9)],
  ])('leaves alone %s', (_, other) => {
    expect(findConflicts([...usual, row(98, '', 'Plain text.', 1), other])).toEqual([]);
  });

  it('leaves the older of two alone', () => {
    expect(findConflicts([row(99, 'What is 3?', 'It is a lie.', 9), ...usual])).toEqual([]);
  });
});
