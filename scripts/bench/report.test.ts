import { expect, test } from 'vitest';
import { interleave, median } from './measure.ts';
import { toLine } from './report.ts';

test('a figure beside a peer is held to the ratio', () => {
  const figure = { case: 'a', value: 90, unit: 'tok/cpu-s', peer: { name: 'p', value: 60 } };
  expect(toLine('b', { ...figure, target: { atLeast: 1.5 } })).toEqual({
    bench: 'b',
    case: 'a',
    value: 90,
    unit: 'tok/cpu-s',
    peer: 'p',
    peerValue: 60,
    ratio: 1.5,
    target: 'ratio >= 1.5',
    ok: true,
  });
  expect(toLine('b', { ...figure, target: { atLeast: 1.6 } }).ok).toBe(false);
});

test('a figure without a peer is held to its value, and one without a target is fine', () => {
  expect(toLine('b', { case: 'a', value: 51, unit: 'ms', target: { atMost: 50 } })).toMatchObject({
    target: '<= 50',
    ok: false,
  });
  expect(toLine('b', { case: 'a', value: 1.234567, unit: 'ms' })).toMatchObject({ value: 1.2346, ok: true });
});

test('cases take turns and the first round is not counted', async () => {
  const calls: string[] = [];
  const costs = await interleave({ a: () => calls.push('a'), b: () => calls.push('b') }, 2);
  expect(calls.join('')).toBe('ababab');
  expect(costs.a.cpuSeconds).toBeGreaterThanOrEqual(0);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});
