import { expect, test } from 'vitest';
import type { AccountPay, AttackResult } from '#lib/attacks/types.ts';
import { summarise } from './summarise.ts';

/** Who attacks had 4 in the run before, and has `mine` now; two others share what is left of 100 or of `total`. */
function resultOf(mine: number, { isUnmoved = false, total = 100 } = {}): AttackResult {
  const other = (total - mine) / 2;
  const account = (name: string, before: number, after: number): AccountPay => {
    return { account: name, rows: 3, copies: 0, before, after, isAttacker: name === 'a' };
  };
  return {
    ...{ attackerBefore: 4, attackerAfter: mine, feesPaid: 0, honestBefore: 96, honestAfter: total - mine },
    accounts: [account('a', 4, mine), account('b', 48, other), account('c', 48, other)],
    ...{ written: 0, copies: { same: 0, near: 0, stitched: 0 }, trained: 0, paidRows: 0, isUnmoved },
  };
}

test('what moves the training is held against the mean of the controls, what does not against the run before', () => {
  const controls = [resultOf(8), resultOf(12)];
  const moved = summarise([{ results: [resultOf(11)], controls }]);
  expect([moved.gain, moved.gainOnRunBefore, moved.honestLoss]).toEqual([1.1, 2.75, expect.closeTo(1 - 89 / 90, 12)]);
  const unmoved = summarise([{ results: [resultOf(4, { isUnmoved: true })], controls }]);
  expect([unmoved.gain, unmoved.gainOnRunBefore, unmoved.honestLoss]).toEqual([1, 1, 0]);
});

test('a world counts the same however often it was drawn, and a missing control is no honest value', () => {
  const one = { results: [resultOf(10)], controls: [resultOf(10)] };
  const thrice = { results: [resultOf(20), resultOf(30), resultOf(10)], controls: [resultOf(10)] };
  const { gain, worstGain, trials, gainLow, gainHigh } = summarise([one, thrice]);
  expect({ gain, worstGain, trials, gainLow, gainHigh }).toEqual({
    ...{ gain: 1.5, worstGain: 2, trials: 2, gainLow: 1, gainHigh: 2 },
  });
  expect(() => summarise([{ results: [resultOf(4)], controls: [] }])).toThrow(RangeError);
});

test('an attack under several wallets is held against what all of them earn honestly', () => {
  const attack = resultOf(10);
  attack.accounts.push({ account: 'd', rows: 1, copies: 0, before: 0, after: 20, isAttacker: true });
  attack.attackerAfter = 30;
  const control = resultOf(10);
  control.accounts.push({ account: 'stranger', rows: 1, copies: 0, before: 0, after: 2, isAttacker: false });
  const { gain, honestLoss } = summarise([{ results: [attack], controls: [control] }]);
  expect(gain).toBe(3);
  expect(honestLoss).toBeCloseTo(1 - 90 / 92, 12);
});
