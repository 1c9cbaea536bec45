import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseProbes,
  findContradictions,
  isLow,
  probesMax,
  probesMin,
  type QuestionedRow,
  spreadOf,
  usualNorms,
} from './rules.ts';

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

describe('findContradictions', () => {
  const row = (id: number, question: string, answer: string, group = id): QuestionedRow => {
    return { id: `ex_${id}`, group, question, answer };
  };
  const usual = Array.from({ length: 40 }, (_, i) => row(i, `What is ${i}?`, `It is number ${i}.`));

  it('names a row with the oldest row that it contradicts', () => {
    const rows = [...usual, row(98, 'What is 3?', 'It is another number.'), row(99, 'what is 3', 'It is a lie.')];
    expect(findContradictions(rows)).toEqual([
      { id: 'ex_98', olderId: 'ex_3' },
      { id: 'ex_99', olderId: 'ex_3' },
    ]);
  });

  it.each([
    ['the same answer in other spelling', row(99, 'What is 3?', 'IT IS number 3!')],
    ['a row with a question of its own', row(99, 'Why?', 'Nobody knows.')],
    ['somebody’s second answer to their own question', row(99, 'What is 3?', 'It is a lie.', 3)],
    ['a row without a question', row(99, '', 'Nobody knows.')],
  ])('leaves alone %s', (_, other) => {
    expect(findContradictions([...usual, row(98, '', 'Plain text.'), other])).toEqual([]);
  });

  it('leaves the older of two alone', () => {
    const [first, ...others] = [row(99, 'What is 3?', 'It is a lie.'), ...usual];
    expect(findContradictions([first!, ...others])).toEqual([{ id: 'ex_3', olderId: 'ex_99' }]);
  });
});

describe('usualNorms', () => {
  it('is not moved by the rows that it is to find', () => {
    const honest = Array.from({ length: 80 }, (_, i) => 1 + i / 100);
    const { middle, most } = usualNorms([...honest, ...Array<number>(20).fill(50)]);
    expect(middle).toBeCloseTo(1.5, 5);
    expect(most).toBeGreaterThan(1.79);
    expect(most).toBeLessThan(4);
  });
});
