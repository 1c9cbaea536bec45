import type { Codes } from '../quantise.ts';

/** The definition of the scores, slowly: plain numbers and bigints, a row at a time. */
export function referenceScan(rows: readonly Codes[], query: Codes): bigint[] {
  const divisor = BigInt(rows.length) << 16n;
  return rows.map(({ codes, scale }) => {
    let product = 0;
    for (let i = 0; i < query.codes.length; i++) product += codes[i]! * query.codes[i]!;
    return (BigInt(product) * BigInt(scale) * BigInt(query.scale)) / divisor;
  });
}
