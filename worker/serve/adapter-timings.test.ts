import { expect, it } from 'vitest';
import { AdapterTimings } from './adapter-timings.ts';

it('tells the middle and the slow end of an adapter’s newest answers, and forgets what is old', () => {
  const timings = new AdapterTimings();
  expect(timings.of('ad_1')).toEqual({
    answers: 0,
    firstTokenP50Ms: null,
    firstTokenP95Ms: null,
    tokensPerSecond: null,
  });
  for (let i = 1; i <= 100; i++) timings.observe('ad_1', { firstTokenMs: i, lastTokenMs: i + 1_000, tokens: 1 + i });
  expect(timings.of('ad_1')).toEqual({ answers: 100, firstTokenP50Ms: 50, firstTokenP95Ms: 95, tokensPerSecond: 50 });
  for (let i = 0; i < 200; i++) timings.observe('ad_1', { firstTokenMs: 7, lastTokenMs: 7, tokens: 1 });
  // An answer of one token has a first token and no speed.
  expect(timings.of('ad_1')).toEqual({ answers: 200, firstTokenP50Ms: 7, firstTokenP95Ms: 7, tokensPerSecond: null });
});

it('keeps a thousand adapters, the ones that were asked for last', () => {
  const timings = new AdapterTimings();
  for (let i = 0; i < 1_001; i++) timings.observe(`ad_${i}`, { firstTokenMs: 1, lastTokenMs: 1, tokens: 1 });
  expect([timings.of('ad_0').answers, timings.of('ad_1').answers, timings.of('ad_1000').answers]).toEqual([0, 1, 1]);
});
