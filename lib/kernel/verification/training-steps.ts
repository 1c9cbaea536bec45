import { formatOpen } from '../money.ts';
import type { TrainingReceipt } from '../training-receipt.ts';
import { differs, ok, skipped } from './evidence-step.ts';
import type { StepOutcome } from './step-outcome.ts';

/** What a training's receipt says, recomputed from itself; and what only training again can tell. */
export function trainingSteps(body: TrainingReceipt): StepOutcome[] {
  return [
    { id: 'fee', name: 'Fee follows from tokens and price', ...feeOf(body) },
    { id: 'split', name: 'Revenue split sums to 10,000 bps', ...splitOf(body) },
    {
      ...{ id: 'trained', name: 'Tokens that were trained' },
      ...skipped(`that takes the training itself, from its own records: npm run reproduce -- ${body.runId}`),
    },
  ];
}

function feeOf({ tokens, price, feeWei }: TrainingReceipt) {
  if (tokens.free > tokens.trained) return differs(`${tokens.free} free of ${tokens.trained} trained tokens`);
  const paid = tokens.trained - tokens.free;
  const mostWei = (BigInt(paid) * BigInt(price.weiPerThousandTokens)) / 1_000n;
  if (BigInt(feeWei) > mostWei) return differs(`${feeWei} wei charged, and ${paid} tokens cost ${mostWei} wei`);
  const held = BigInt(feeWei) < mostWei ? `, less than ${mostWei} wei: never more than was held` : '';
  return ok(`${paid} tokens, ${feeWei} wei (${formatOpen(BigInt(feeWei))} OPEN)${held}`);
}

function splitOf({ split }: TrainingReceipt) {
  const sum = Object.values(split).reduce((total, bps) => total + bps, 0);
  return sum === 10_000 ? ok(`${split.data} to the rows, ${split.infra} to who trained`) : differs(`${sum} bps`);
}
