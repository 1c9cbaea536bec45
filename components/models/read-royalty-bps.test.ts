import { expect, it } from 'vitest';
import { readRoyaltyBps } from './read-royalty-bps.ts';

it.each([
  ['12.5', 1_250],
  ['0,05', 5],
  ['50', 5_000],
  ['50.01', null],
  ['1.234', null],
  ['-1', null],
  ['', null],
])('reads a royalty of %j percent as %j basis points', (text, bps) => {
  expect(readRoyaltyBps(text)).toBe(bps);
});
