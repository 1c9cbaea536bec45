import { expect, it } from 'vitest';
import { isFailing } from './is-failing.ts';

it('finds a canary that fails clearly more often, and only that one', () => {
  expect(isFailing({ done: 0, failed: 5 }, { done: 20, failed: 0 })).toBe(true);
  expect(isFailing({ done: 80, failed: 20 }, { done: 380, failed: 20 })).toBe(true);
  expect(isFailing({ done: 0, failed: 4 }, { done: 200, failed: 0 }), 'too few').toBe(false);
  expect(isFailing({ done: 0, failed: 9 }, { done: 0, failed: 40 }), 'both are down').toBe(false);
  expect(isFailing({ done: 900, failed: 15 }, { done: 900, failed: 10 }), 'not twice as often').toBe(false);
  expect(isFailing({ done: 100, failed: 6 }, { done: 100, failed: 2 }), 'may be chance').toBe(false);
  expect(isFailing({ done: 0, failed: 9 }, { done: 0, failed: 0 }), 'nothing to compare with').toBe(false);
});
