import { PPM, splitByLargestRemainder } from './money.ts';
import type { ReceiptBody1 } from './receipt.ts';
import type { ReceiptStep } from './receipt-step.ts';

type Attribution1 = ReceiptBody1['attribution'];

/** The shares of a receipt of version 1: all million ppm over contributors, by credit. */
export function verifyShares1(attribution: Attribution1): ReceiptStep[] {
  const { confident, rows, shares } = attribution;
  const total = shares.reduce((sum, share) => sum + share.sharePpm, 0);
  return [
    {
      id: 'rows',
      name: 'Row shares follow from scores',
      ok: !confident || rowSharesFollow(attribution),
      detail: confident ? `${rows.length} rows over the cut` : 'no confident source',
    },
    { id: 'total', name: 'Shares sum to 1,000,000 ppm', ok: total === Number(PPM), detail: String(total) },
    {
      id: 'shares',
      name: 'Contributors’ shares are the sums of their rows',
      ok: !confident || sumsMatch(attribution),
      detail: `${shares.length} contributors`,
    },
  ];
}

function rowSharesFollow({ rows, cutScore }: Attribution1): boolean {
  const credits = rows.map((row) => BigInt(row.score) - BigInt(cutScore));
  if (credits.length === 0 || credits.some((credit) => credit <= 0n)) return false;
  const expected = splitByLargestRemainder(PPM, credits);
  return rows.every((row, i) => row.sharePpm === Number(expected[i]!));
}

function sumsMatch({ rows, shares }: Attribution1): boolean {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.contributor, (sums.get(row.contributor) ?? 0) + row.sharePpm);
  const paid = [...sums.values()].filter((sharePpm) => sharePpm > 0).length;
  return shares.length === paid && shares.every((share) => sums.get(share.contributor) === share.sharePpm);
}
