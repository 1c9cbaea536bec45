import { expect, it } from 'vitest';
import type { VerificationContext } from './evidence-step.ts';
import type { VersionPerson } from './receipt-evidence.ts';
import { retrievalStep } from './retrieval-step.ts';

const values = { baseMicroNats: -5_000_000, microNats: [-5_000_000, -4_000_000] };
const contributor = `0x${'1'.repeat(40)}` as const;

/** What the step says of an answer that read one row, of which the version has `data` and the prompt quoted `passage`. */
async function judge(data: VersionPerson['data'], passage: string) {
  const people = new Map([['ex_1', { contributor, acts: null, data }]]);
  const context = {
    evidence: {
      recompute: async () => ({ subsetValues: async () => values }),
      owners: async () => ({ root: '0x', people }),
    },
    answer: { passages: [passage] },
    body: { version: 2, attribution: { retrieval: { ...values, rows: [{ exampleId: 'ex_1', chars: 8 }] } } },
  };
  return retrievalStep.check(context as unknown as VerificationContext);
}

it('names a passage that is not the row’s text, and withholds judgement where the text was erased', async () => {
  expect(await judge({ prompt: 'A ferry sails at six.' }, 'A ferry ')).toMatchObject({ state: 'ok' });
  expect(await judge({ prompt: 'A ferry sails at six.' }, 'A wagon ')).toMatchObject({ state: 'differs' });
  // Else an author could void an honest receipt, and what it pays, by withdrawing the row.
  const erased = await judge(null, '');
  expect(erased).toMatchObject({ state: 'skipped' });
  expect(erased.detail).toContain('ex_1');
});
