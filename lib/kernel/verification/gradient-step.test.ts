import { expect, it } from 'vitest';
import { parseQueryCodes } from '../rescore.ts';
import type { VerificationContext } from './evidence-step.ts';
import { gradientStep } from './gradient-step.ts';

const scale = [0, 0, 0, 1];
const signed = Uint8Array.from([...Array.from({ length: 64 }, (_, i) => (i * 37) % 127), ...scale]);

/** What the step says when the verifier's own machine comes to `own` codes; without an index no share is at stake. */
async function judge(own: Uint8Array) {
  const recomputation = { queryCodes: async () => own };
  const context = {
    evidence: { recompute: async () => recomputation },
    answer: {},
    codes: parseQueryCodes(signed),
    body: { version: 2, attribution: {} },
  };
  return gradientStep.check(context as unknown as VerificationContext);
}

it('takes equal codes as exact, near ones as another processor’s, and refuses a direction that is off by more', async () => {
  expect(await judge(signed.slice())).toEqual({ state: 'ok', detail: 'the same codes, bit for bit' });
  const near = await judge(signed.map((code, i) => (i === 5 ? code + 1 : code)));
  expect(near.state).toBe('ok');
  expect(near.detail).toContain('another processor');
  expect(await judge(signed.with(64, 1))).toMatchObject({ state: 'ok' }); // another scale, the same direction
  const far = await judge(signed.map((code, i) => (i < 8 ? 0 : code)));
  expect(far.state).toBe('differs');
  expect(far.detail).toContain('at least 0.999');
  expect((await judge(new Uint8Array(68))).state).toBe('differs'); // no direction at all
  expect(await judge(signed.slice(2))).toEqual({
    state: 'differs',
    detail: "the receipt's codes are 64, recomputed 62",
  });
});
