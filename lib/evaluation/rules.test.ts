import { describe, expect, it } from 'vitest';
import {
  calibrationError,
  defaultGates,
  findContaminated,
  isExact,
  judgeGates,
  summarise,
  wilson,
  wordF1,
} from './rules.ts';
import type { EvaluatedRow, Measurement } from './types.ts';

describe('answers against the right ones', () => {
  it('are exact without case, articles and punctuation, and share words as SQuAD counts them', () => {
    expect(isExact('The Harbour-master.', 'harbour master')).toBe(true);
    expect(isExact('harbour', 'harbour master')).toBe(false);
    // Precision 2/3, recall 2/4: the second "red" has no partner.
    expect(wordF1('red red house', 'a red house by sea')).toBeCloseTo(4 / 7);
    expect(wordF1('', '')).toBe(1);
    expect(wordF1('blue', 'red')).toBe(0);
  });
});

describe('calibrationError', () => {
  it('is how far confidence lies from being right, bin by bin', () => {
    const probe = (isRight: boolean, confidence: number) => ({ isRight, confidence });
    expect(calibrationError([])).toBeNull();
    expect(calibrationError([probe(true, 1), probe(true, 1)])).toBe(0);
    // 0.9 sure and right every second time, and 0.1 sure and never right: half of 0.4 and half of 0.1.
    const mixed = [probe(true, 0.9), probe(false, 0.9), probe(false, 0.1), probe(false, 0.1)];
    expect(calibrationError(mixed)).toBeCloseTo(0.5 * 0.4 + 0.5 * 0.1);
  });
});

describe('wilson', () => {
  it('gives the published intervals, also for none and for all', () => {
    // Newcombe 1998, table 1: 81 of 263, 0 of 20.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4);
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20).high).toBeCloseTo(0.1611, 4);
    expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
  });
});

describe('findContaminated', () => {
  const long = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen';
  const rows: EvaluatedRow[] = [
    { id: 'same-question', question: 'Who keeps the gate?', answer: 'nobody' },
    { id: 'long-answer', question: 'What comes?', answer: `It is ${long}.` },
    { id: 'clean', question: 'Who sings?', answer: 'one two three four five six' },
  ];
  it('finds questions that were trained on and thirteen words in a row, and nothing shorter', () => {
    const trained = ['who keeps the gate', `so ${long} and more`, 'one two three four five six'];
    expect([...findContaminated(rows, trained)].sort()).toEqual(['long-answer', 'same-question']);
    expect(findContaminated(rows, []).size).toBe(0);
  });
});

const rows: EvaluatedRow[] = Array.from({ length: 6 }, (_, i) => ({
  id: `r${i}`,
  question: i < 4 ? `What is ${i}?` : `Say ${i}`,
  answer: i % 2 ? 'short one' : 'a much longer answer than the others',
}));
const measurement: Measurement = {
  rows: rows.map(({ id }, i) => ({
    id,
    tokens: i + 1,
    baseLoss: 3,
    tunedLoss: i === 5 ? 4 : 2,
    baseAnswer: i < 2 ? 'nothing' : null,
    tunedAnswer: i < 2 ? 'short one' : null,
  })),
  probes: { base: [{ isRight: false, confidence: 0.5 }], tuned: [{ isRight: true, confidence: 0.75 }] },
  sealedSha256: 'sealed',
};

describe('summarise and judgeGates', () => {
  it('weighs losses by tokens, counts wins by slice, and knows the sealed rows', () => {
    const figures = summarise(rows, measurement, 1, 'sealed');
    expect(figures).toMatchObject({ rows: 6, answered: 2, wins: 5, contaminated: 1, isSealed: true });
    expect(figures.base.loss).toBe(3);
    expect(figures.tuned.loss).toBeCloseTo((15 * 2 + 6 * 4) / 21);
    expect(figures.tuned).toMatchObject({ exactMatch: 0.5, tokenAccuracy: 1, calibrationError: 0.25 });
    expect(figures.slices).toContainEqual({ name: 'questions with “what”', rows: 4, wins: 4 });
    expect(figures.slices.find(({ name }) => name === 'other questions')).toBeUndefined();
  });

  it('passes by default what is better, and says of each gate what it asked and what was measured', () => {
    const figures = summarise(rows, measurement, 1, 'sealed');
    expect(judgeGates(figures, defaultGates).every(({ passed }) => passed)).toBe(true);
    const strict = { ...defaultGates, minWinPercent: 90, maxContaminatedPercent: 10, minF1Percent: 10 };
    const failed = judgeGates(figures, strict).filter(({ passed }) => !passed);
    expect(failed).toEqual([
      { gate: 'maxContaminatedPercent', passed: false, asked: 'at most 10 %', measured: '16.7 %' },
      { gate: 'minWinPercent', passed: false, asked: 'at least 90 %', measured: '83.3 %' },
    ]);
  });

  it('refuses other rows than the sealed ones, and an adapter that is worse, whatever the gates', () => {
    const open = { ...defaultGates, minGainPercent: null, maxContaminatedPercent: null };
    const other = summarise(rows, measurement, 0, 'other');
    expect(judgeGates(other, open).find(({ gate }) => gate === 'sealed')).toMatchObject({ passed: false });
    const worse = { ...measurement, rows: measurement.rows.map((row) => ({ ...row, tunedLoss: 5 })) };
    const verdicts = judgeGates(summarise(rows, worse, 0, 'sealed'), open);
    expect(verdicts.find(({ gate }) => gate === 'better')).toMatchObject({ passed: false });
  });
});
