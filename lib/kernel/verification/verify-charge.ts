import { type Hex, verifyMessage } from 'viem';
import { type ChargeReceipt, chargeReceiptSchema } from '../charge-receipt.ts';
import { documentHash } from '../document-hash.ts';
import { compare, differs, type Finding, ok, type SettledContext, type SettledStep, skipped } from './evidence-step.ts';
import { passSteps } from './pass-steps.ts';
import type { ReceiptEvidence } from './receipt-evidence.ts';
import { signerStep } from './receipt-steps.ts';
import { chainStep, periodStep, proofStep } from './settlement-steps.ts';
import type { StepOutcome } from './step-outcome.ts';
import { trainingSteps } from './training-steps.ts';

/** All that can speak for or against the receipt of a charge; null and skipped as in `ReceiptEvidence`. */
export type ChargeEvidence = Pick<ReceiptEvidence, 'receipt' | 'hash' | 'signature'> &
  SettledContext<ChargeReceipt>['evidence'];

/**
 * Recomputes the receipt of a charge (charge-receipt.ts) from whatever is at hand and says of each step, in order, what came out; ends with
 * the first that differs. Browser and `npm run verify` both run this. Throws only where fetching something failed.
 */
export async function* verifyCharge(evidence: ChargeEvidence): AsyncGenerator<StepOutcome> {
  for await (const outcome of allSteps(evidence)) {
    yield outcome;
    if (outcome.state === 'differs') return;
  }
}

async function* allSteps(evidence: ChargeEvidence): AsyncGenerator<StepOutcome> {
  const { data: body, error } = chargeReceiptSchema.safeParse(evidence.receipt);
  const issue = error?.issues[0];
  const shape = issue ? differs(`${issue.path.join('.') || 'the receipt'}: ${issue.message}`) : null;
  yield { id: 'schema', name: 'Fits the schema', ...(shape ?? ok('every field, and no other')) };
  if (!body) return;
  const hash = documentHash(body);
  yield { id: 'hash', name: 'Hash of the canonical receipt', ...compare('hash', evidence.hash ?? hash, hash) };
  yield { id: 'signature', name: "Gateway's signature", ...(await signed(body, hash, evidence.signature)) };
  const context: SettledContext<ChargeReceipt> = { evidence, body };
  yield await run(signerStep, context);
  yield* ownSteps(body);
  for (const step of [proofStep, chainStep, periodStep]) yield await run(step, context);
}

/** What its kind claims beside signature and settlement. */
function ownSteps(body: ChargeReceipt): StepOutcome[] {
  switch (body.kind) {
    case 'training':
      return trainingSteps(body);
    case 'pass':
      return passSteps(body);
  }
}

async function run({ id, name, check }: SettledStep, context: SettledContext<ChargeReceipt>): Promise<StepOutcome> {
  return { id, name, ...(await check(context)) };
}

async function signed({ gateway }: ChargeReceipt, hash: Hex, signature: string | null): Promise<Finding> {
  if (signature === null) return skipped('the file has no signature');
  const message = { raw: hash };
  const isTrue = await verifyMessage({ address: gateway, message, signature: signature as Hex }).catch(() => false);
  return isTrue ? ok(gateway) : differs(`not signed by ${gateway}`);
}
