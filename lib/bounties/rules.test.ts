import { describe, expect, it } from 'vitest';
import { isAllAwarded } from './rules.ts';
import type { BountySummary } from './types.ts';

const onChain = (fundedWei: bigint, awardedWei: bigint) =>
  ({ fundedWei, awardedWei }) as NonNullable<BountySummary['onChain']>;

describe('a bounty of which all is awarded', () => {
  it('is one in its time for awards with nothing left, and no other', () => {
    expect(isAllAwarded({ state: 'awarding', onChain: onChain(12n, 12n) })).toBe(true);
    expect(isAllAwarded({ state: 'awarding', onChain: onChain(12n, 10n) })).toBe(false);
    expect(isAllAwarded({ state: 'awarding', onChain: onChain(0n, 0n) })).toBe(false);
    expect(isAllAwarded({ state: 'over', onChain: onChain(12n, 12n) })).toBe(false);
    expect(isAllAwarded({ state: 'unopened', onChain: null })).toBe(false);
  });
});
