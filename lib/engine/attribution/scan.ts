import type { AttributionIndex } from './index-file.ts';
import type { Codes } from './quantise.ts';

/** Scores are nats x 2^32. */
export const scoreOne = 2n ** 32n;

/**
 * Influence of every row on the query, exact in integers: sum of code products, times both scales (Q8.24 each), divided by
 * N x 2^16 and cut towards zero, which is nats in Q32.32. Anyone with a row and the query's codes computes the same number.
 */
export function scanIndex({ codes, scales, header }: AttributionIndex, query: Codes): bigint[] {
  const { dims, exampleIds } = header;
  const divisor = BigInt(exampleIds.length) << 16n;
  const queryScale = BigInt(query.scale);
  return exampleIds.map((_, row) => {
    const product = dot(codes, row * dims, query.codes);
    return (BigInt(product) * BigInt(scales[row]!) * queryScale) / divisor;
  });
}

/** At most 127^2 x dims, which stays under 2^31 up to 133,000 dims: the sum is an exact integer. */
function dot(codes: Int8Array, offset: number, query: Int8Array): number {
  let sum = 0;
  for (let i = 0; i < query.length; i++) sum = (sum + Math.imul(codes[offset + i]!, query[i]!)) | 0;
  return sum;
}
