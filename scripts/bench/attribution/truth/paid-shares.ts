import { creditQuarters } from '#lib/engine/attribution/credit-quarters.ts';
import { attributionMethod } from '#lib/engine/attribution/index-header.ts';
import { noiseCut } from '#lib/engine/attribution/noise-cut.ts';
import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { PPM } from '#lib/kernel/money.ts';
import { positiveShares } from './metrics/shares.ts';

/**
 * What the product pays each row of one answer, 1 in all: its noise cut and its share arithmetic for the part that is paid by
 * name, the rest in the same proportion; where no row stands out, all rows alike.
 * @param scores fixed-point nats as they leave the engine, whole numbers
 */
export function productShares(scores: Float64Array): Float64Array {
  const { cut, sigma, rows, positiveSum } = noiseCut(
    BigInt64Array.from(scores, (score) => BigInt(Math.round(score))),
    creditQuarters(attributionMethod, scores.length),
  );
  const above = rows.map((row) => ({
    exampleId: String(row).padStart(9, '0'),
    score: BigInt(Math.round(scores[row]!)),
    lineage: [{ role: 'collect' as const, account: `0x${String(row).padStart(40, '0')}` as const }],
  }));
  const facts = { alphaPpm: Number(PPM), cutScore: cut, sigma, positiveSum };
  const paid = new Float64Array(scores.length);
  for (const { exampleId, sharePpm } of attributeShares(above, facts).rows) paid[Number(exampleId)] = sharePpm;
  return rows.length === 0 ? paid.fill(1 / paid.length) : positiveShares(paid);
}

/** What a baseline would pay: in proportion to what is positive. */
export function proportionalShares(scores: Float64Array): Float64Array {
  return positiveShares(scores);
}

/** A baseline behind the product's noise cut: fixed point as fine as the largest score allows. */
export function cutShares(scores: Float64Array): Float64Array {
  const largest = scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  return largest === 0 ? scores.slice() : productShares(scores.map((score) => (score / largest) * 2 ** 40));
}
