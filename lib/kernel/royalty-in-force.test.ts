import { expect, it } from 'vitest';
import { royaltyInForce } from './royalty-in-force.ts';

it('is what the contract says: an announcement holds after its delay, and one that never held is forgotten', () => {
  const first = { bps: 500, at: 10, effectiveAt: 10 }; // no version yet: at once
  const raised = { bps: 900, at: 100, effectiveAt: 160 };
  const lowered = { bps: 100, at: 120, effectiveAt: 180 }; // takes the place of one that does not hold yet
  const later = { bps: 700, at: 300, effectiveAt: 360 };
  expect(royaltyInForce([], 50)).toBe(0);
  expect(royaltyInForce([first], 10)).toBe(500);
  expect([159, 160].map((time) => royaltyInForce([first, raised], time))).toEqual([500, 900]);
  expect([130, 170, 180].map((time) => royaltyInForce([first, raised, lowered], time))).toEqual([500, 500, 100]);
  expect([350, 360].map((time) => royaltyInForce([first, raised, lowered, later], time))).toEqual([100, 700]);
});
