import type { Hex } from 'viem';
import { type ReceiptBody, receiptHash } from '../receipt.ts';
import type { ReceiptStep } from '../receipt-step.ts';
import { verifyReceipt } from '../verify-receipt.ts';
import { adapterStep, outputStep, requestStep, tokensStep } from './answer-steps.ts';
import type { EvidenceStep, VerificationContext } from './evidence-step.ts';
import { gradientStep } from './gradient-step.ts';
import { codesStep, indexStep, scoresStep } from './index-steps.ts';
import { parseReceipt } from './parse-receipt.ts';
import { peopleStep } from './people-step.ts';
import type { ReceiptEvidence } from './receipt-evidence.ts';
import { certificateStep, signerStep } from './receipt-steps.ts';
import { retrievalStep } from './retrieval-step.ts';
import { chainStep, periodStep, proofStep } from './settlement-steps.ts';
import type { StepOutcome } from './step-outcome.ts';
import { taskEvidenceStep } from './task-step.ts';

/** In this order, after the receipt's own arithmetic: a later step builds on what an earlier one found good. */
const evidenceSteps: readonly EvidenceStep[] = [
  ...[certificateStep, indexStep, codesStep, scoresStep, peopleStep],
  ...[requestStep, outputStep, adapterStep, tokensStep, gradientStep, retrievalStep],
  ...[proofStep, chainStep, periodStep],
];

/**
 * Computes a receipt again from whatever is at hand and says of each step, in order, what came out; ends with the first that
 * differs. The browser's button, `npm run verify` and the gateway's own check of a challenged receipt all run this. Throws only
 * where fetching something failed, which says nothing about the receipt.
 */
export async function* verifyEvidence(evidence: ReceiptEvidence): AsyncGenerator<StepOutcome> {
  for await (const outcome of allSteps(evidence)) {
    yield outcome;
    if (outcome.state === 'differs') return;
  }
}

async function* allSteps(evidence: ReceiptEvidence): AsyncGenerator<StepOutcome> {
  const { body, problem } = parseReceipt(evidence.receipt);
  const detail = problem ?? `version ${body.version}: every field, and no other`;
  yield { id: 'schema', name: 'Fits the published schema', state: body ? 'ok' : 'differs', detail };
  if (!body) return;
  const context: VerificationContext = { evidence, body };
  for (const step of await ownSteps(evidence, body)) {
    yield step;
    if (step.id === 'signature') yield await run(signerStep, context);
  }
  if (body.version === 3) yield await run(taskEvidenceStep, context);
  for (const step of evidenceSteps) yield await run(step, context);
}

async function run({ id, name, check }: EvidenceStep, context: VerificationContext): Promise<StepOutcome> {
  return { id, name, ...(await check(context)) };
}

/** What follows from the receipt alone. A receipt without hash or signature is still worth its arithmetic. */
async function ownSteps({ hash, signature }: ReceiptEvidence, body: ReceiptBody): Promise<StepOutcome[]> {
  const steps = await verifyReceipt(body, (hash ?? receiptHash(body)) as Hex, (signature ?? '0x') as Hex);
  return steps.filter(({ id }) => id !== 'schema').map((step) => toOutcome(step, signature === null));
}

function toOutcome({ id, name, ok, detail }: ReceiptStep, isUnsigned: boolean): StepOutcome {
  if (id === 'signature' && isUnsigned) return { id, name, state: 'skipped', detail: 'the file has no signature' };
  return { id, name, state: ok ? 'ok' : 'differs', detail };
}
