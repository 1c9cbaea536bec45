import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { AttackResult } from '#lib/attacks/types.ts';
import { attackNames } from '#lib/attacks/types.ts';
import { AttackRunResult } from './attack-run-result.tsx';
import { attackTexts } from './attack-texts.ts';
import { gainText, lossText } from './gain-text.ts';

const account = (n: number) => `0x${String(n).repeat(40)}`;
const result: AttackResult = {
  ...{ attackerBefore: 2_000_000, attackerAfter: 3_000_000, feesPaid: 500_000, honestBefore: 8e6, honestAfter: 7.8e6 },
  accounts: [
    { account: account(1), rows: 5, copies: 0, before: 8e6, after: 7.8e6, isAttacker: false },
    { account: account(2), rows: 9, copies: 3, before: 2e6, after: 3e6, isAttacker: true },
  ],
  ...{ written: 4, copies: { same: 2, near: 1, stitched: 0 }, trained: 1, paidRows: 0, isUnmoved: false },
};

it('says what an attack brought, what was recognised, and puts the attacker first', () => {
  const page = renderToStaticMarkup(<AttackRunResult result={result} />);
  expect(page).toContain('1.25 ×');
  expect(page).toContain('2.5 %');
  expect(page).toContain('3 known as copies');
  expect(page).toContain('words again, and not trained on: 2 rows.');
  expect(page).toContain('Trained on: 1 row; none of them stood out of the noise');
  expect(page).toContain('cost the attacker 0.500');
  expect(page.indexOf('plays the attacker')).toBeLessThan(page.indexOf('8.000'));
  expect(page).not.toContain('not one bit of it differs');
});

it('speaks of gains and losses in words where a figure would mislead', () => {
  expect([1, 1.004, -5.8].map(gainText)).toEqual(['1 exactly', '1.00 ×', '−5.80 ×']);
  expect([0, 0.034, -0.29].map(lossText)).toEqual(['nothing', '3.4 %', 'gain 29.0 %']);
  expect(attackNames.every((name) => attackTexts[name].text.length > 20)).toBe(true);
});
