import { isOff } from '#lib/kernel/answer-payout.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import type { LeftOut } from './types.ts';

/** A training that took longer is not repeated while somebody waits. */
const retrainSecondsMax = 240;

/** Influence is nats x 2^32. */
const nat = 2 ** 32;

/** What leaving these rows out does to log p of the answer by the receipt's own estimate, micro-nats; null where no such row stands out. */
export function estimateOf(body: ReceiptBody, leftOut: LeftOut): number | null {
  if (body.version === 1) return null;
  const off = { rows: new Set(leftOut.rows), contributors: new Set(leftOut.contributors), all: leftOut.all };
  const gone = body.attribution.rows.filter((row) => isOff(row, off));
  if (gone.length === 0) return null;
  const score = gone.reduce((sum, row) => sum + BigInt(row.score), 0n);
  return -Math.round((Number(score) / nat) * 1e6);
}

/** Why a training cannot be done again without some rows while somebody waits, in a sentence; null where it can. */
export function retrainLimit(run: {
  isFork: boolean;
  isMerge: boolean;
  isAttributable: boolean;
  seconds: number;
}): string | null {
  if (run.isFork) return 'This model went on from another training, whose rows cannot be taken away here.';
  if (run.isMerge)
    return 'This model was merged from others and not trained, so there is no training to do again without some rows.';
  if (!run.isAttributable)
    return 'This recipe does not let single rows be taken away and all else stay (packing, dropout, weight decay, privacy or early stopping).';
  if (run.seconds > retrainSecondsMax)
    return `Training it took ${Math.round(run.seconds / 60)} minutes, too long to be repeated while you wait; what influence foretells is all there is.`;
  return null;
}
