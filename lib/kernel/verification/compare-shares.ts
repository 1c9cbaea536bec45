import { attributeShares } from '../attribute-shares.ts';
import { summariseNoise } from '../noise-cut.ts';
import { poolShares } from '../pool-shares.ts';
import type { IssuedBody, ReceiptBody2 } from '../receipt.ts';
import type { LineageAct } from '../role-shares.ts';

/** Half a per cent: what a share may move by when the gradient was computed on another kind of processor. */
const movedMostPpm = 5_000;

/**
 * Whether scores that were computed elsewhere pay the receipt's accounts nearly the same, by name and from the common pool: null,
 * or which share moved how far. Rows that only the new scores have belong to nobody that the receipt knows; their part must be
 * as small.
 */
export function compareShares(body: IssuedBody, scores: BigInt64Array, ids: readonly string[]): string | null {
  const { attribution } = body;
  const known = new Map(attribution.rows.map((row) => [row.exampleId, row.roles as readonly LineageAct[]]));
  const nobody: LineageAct[] = [{ role: 'collect', account: `0x${'0'.repeat(40)}` }];
  const { cut, sigma, positiveSum } = summariseNoise(scores, attribution.method);
  const rows = ids.map((exampleId, i) => ({ exampleId, score: scores[i]!, lineage: known.get(exampleId) ?? nobody }));
  const alphaPpm = attribution.basis === 'influence' ? attribution.certificate.alphaPpm : 0;
  const retrieved = (attribution.retrieval?.rows ?? []).map(({ exampleId, sharePpm, roles }) => ({
    ...{ exampleId, sharePpm },
    lineage: roles,
  }));
  const said = paidBy(attribution);
  const found = paidBy(attributeShares(rows, { alphaPpm, cutScore: cut, sigma, positiveSum }, retrieved));
  for (const account of new Set([...said.keys(), ...found.keys()])) {
    const [before, after] = [said.get(account) ?? 0, found.get(account) ?? 0];
    if (Math.abs(after - before) >= movedMostPpm) {
      return `share of ${account}: the receipt says ${before} ppm, recomputed ${after} ppm`;
    }
  }
  return null;
}

type Shared = Pick<ReceiptBody2['attribution'], 'explainedPpm' | 'commonPpm'> & {
  shares: readonly { account: string; sharePpm: number }[];
  rows: Parameters<typeof poolShares>[0]['rows'];
};

/** What each account gets of the data's money, ppm: by name, and of the common part that its own influence draws. */
function paidBy({ shares, rows, explainedPpm, commonPpm }: Shared): Map<string, number> {
  const paid = new Map(shares.map(({ account, sharePpm }) => [account, sharePpm]));
  const own = poolShares({ explainedPpm, rows }) ?? [];
  const sum = own.reduce((total, [, ppm]) => total + ppm, 0);
  for (const [account, ppm] of own) {
    paid.set(account, (paid.get(account) ?? 0) + Math.floor((commonPpm * ppm) / sum));
  }
  return paid;
}
