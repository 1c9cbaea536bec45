import { expect, it } from 'vitest';
import { adviceAfter } from './rules.ts';

it('advises fewer passes, not more, after a run that had been better than its base', () => {
  expect(adviceAfter('training_learnt_nothing').next).toMatch(/more passes/);
  expect(adviceAfter('training_learnt_nothing', true)).toMatchObject({
    again: true,
    next: expect.stringMatching(/fewer passes/),
  });
  expect(adviceAfter('disk_full', true).again).toBe(false);
});
