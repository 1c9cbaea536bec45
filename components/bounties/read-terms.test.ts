import { describe, expect, it } from 'vitest';
import { readTerms, startTerms } from './read-terms.ts';

const read = (windowHours: string, minWindowSeconds: number) =>
  readTerms({ ...startTerms, windowHours }, 'data', '1', minWindowSeconds);

describe('the terms of a bounty', () => {
  it('leave sponsors the time that the contract of this chain asks for, and say how much that is', () => {
    expect(read('1', 3_600)).toMatchObject({ terms: { window: 3_600 } });
    expect(read('0.9', 3_600)).toEqual({ errors: { windowHours: 'Type a number between 1 and 720.' } });
    expect(read('0.01', 2)).toMatchObject({ terms: { window: 36 } });
    expect(read('0', 2)).toEqual({ errors: { windowHours: 'Type a number between 0.0005556 and 720.' } });
    expect(read('0.0005556', 2)).toMatchObject({ terms: { window: 2 } }); // what is named as the least is enough
  });
});
