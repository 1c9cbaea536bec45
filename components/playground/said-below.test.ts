import { expect, it } from 'vitest';
import { isSaidBelow } from './said-below.ts';

it('leaves out a refusal that stands under the question already, and no other', () => {
  const quote = { state: 'refused', message: 'You need a pass.', code: 'pass_required' } as const;
  const asked = { model: 'm', prompt: 'who?' };
  const error = { message: 'You need a pass.', code: 'pass_required', facts: {} };
  const answer = { model: 'm', question: 'who?', error };
  expect(isSaidBelow(quote, asked, answer)).toBe(true);
  expect(isSaidBelow(quote, asked, { ...answer, error: null })).toBe(false);
  expect(isSaidBelow(quote, asked, { ...answer, error: { ...error, code: 'offline' } })).toBe(false);
  expect(isSaidBelow(quote, { ...asked, prompt: 'what?' }, answer)).toBe(false);
  expect(isSaidBelow(quote, { ...asked, model: 'n' }, answer)).toBe(false);
  expect(isSaidBelow({ state: 'counting' }, asked, answer)).toBe(false);
});
