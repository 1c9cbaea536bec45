import { describe, expect, it } from 'vitest';
import { durationWords } from './duration-words.ts';

describe('durationWords', () => {
  it.each([
    [604_800, '7 days'],
    [4_800, '1 hour 20 minutes'],
    [86_401, '1 day'],
    [90_061, '1 day 1 hour'],
    [61, '1 minute 1 second'],
    [1, '1 second'],
    [0, '0 seconds'],
    [-5, '0 seconds'],
  ])('says %i seconds as %s', (seconds, words) => {
    expect(durationWords(seconds)).toBe(words);
  });
});
