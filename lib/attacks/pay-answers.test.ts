import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SandboxAnswer } from './attack-engine.ts';
import { answerPpm, payAccounts, payAnswers } from './pay-answers.ts';
import { gainOf, honestLossOf } from './rules.ts';
import type { AttackRow } from './types.ts';

const ids = Array.from({ length: 12 }, (_, i) => `ex_${String(i).padStart(2, '0')}`);
const product = { hasCut: true, alphaPpm: 700_000 };

/** An answer with these scores, whose cut lies at 100. */
function answerOf(scores: readonly number[]): SandboxAnswer {
  const positiveSum = scores.reduce((sum, score) => sum + BigInt(Math.max(0, score)), 0n);
  const rows = scores.map((score, i) => ({ exampleId: ids[i]!, score: BigInt(score) }));
  return { text: '', scores: rows, cutScore: 100n, sigma: 33n, positiveSum };
}
const answers = fc.array(
  fc.array(fc.integer({ min: -500, max: 900 }), { minLength: 12, maxLength: 12 }).map(answerOf),
  { minLength: 1, maxLength: 8 },
);
const rowsOf = (owners: readonly number[]): AttackRow[] =>
  ids.map((id, i) => ({ id, contributor: `0x${owners[i]}`, question: '', answer: '' }));
const owners = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 12, maxLength: 12 });

describe('payAnswers', () => {
  it('pays every answer out wholly, to nobody less than nothing, and who is in the noise nothing by name', () => {
    fc.assert(
      fc.property(answers, (list) => {
        const { rows, named } = payAnswers(list, ids, product);
        expect([...rows.values()].reduce((sum, paid) => sum + paid, 0)).toBe(list.length * answerPpm);
        expect([...rows.values()].every((paid) => paid >= 0)).toBe(true);
        for (const id of named)
          expect(list.some(({ scores }) => scores.some((s) => s.exampleId === id && s.score > 100n))).toBe(true);
      }),
    );
  });

  it('pays an author the same through one wallet or a hundred, to the millionth', () => {
    fc.assert(
      fc.property(answers, owners, (list, wallets) => {
        const payout = payAnswers(list, ids, product);
        const one = payAccounts(payout, rowsOf(wallets.map((_, i) => i % 2)));
        const many = payAccounts(payout, rowsOf(wallets.map((wallet, i) => (i % 2 ? 100 + wallet : 0))));
        expect(many.get('0x0')).toBe(one.get('0x0'));
      }),
    );
  });

  it('lets no question move the money of another: what is asked besides adds, and takes from nobody', () => {
    fc.assert(
      fc.property(answers, answers, (honest, bought) => {
        const [alone, paid, both] = [honest, bought, [...honest, ...bought]].map(
          (list) => payAnswers(list, ids, product).rows,
        );
        // Answers without a source are summed before they are divided, which may move a millionth.
        for (const id of ids)
          expect(Math.abs(both!.get(id)! - alone!.get(id)! - paid!.get(id)!)).toBeLessThanOrEqual(2);
      }),
    );
  });

  it('gives an answer without a source to all rows alike, and pays the noise only where there is no cut', () => {
    const noise = answerOf([90, 50, 0, -400, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(new Set(payAnswers([noise], ids.slice(0, 4), product).rows.values())).toEqual(new Set([250_000]));
    const naive = payAnswers([noise], ids, { hasCut: false, alphaPpm: 1_000_000 });
    expect([...naive.rows.values()].slice(0, 4)).toEqual([642_857, 357_143, 0, 0]);
  });
});

describe('gainOf', () => {
  const money = { attackerBefore: 200, attackerAfter: 260, feesPaid: 50, honestBefore: 800, honestAfter: 780 };
  const none = {
    accounts: [],
    written: 0,
    copies: { same: 0, near: 0, stitched: 0 },
    trained: 0,
    paidRows: 0,
    isUnmoved: false,
  };

  it('counts what the attacker paid against what it earned', () => {
    expect(gainOf({ ...none, ...money })).toBeCloseTo(1.05);
    expect(honestLossOf({ ...none, ...money })).toBeCloseTo(0.025);
  });
});
