import { attributeShares } from '../attribute-shares.ts';
import { summariseNoise } from '../noise-cut.ts';
import type { ReceiptBody2 } from '../receipt.ts';
import type { LineageAct } from '../role-shares.ts';

/** Half a per cent: what a share may move by when the gradient was computed on another kind of processor. */
const movedMostPpm = 5_000;

/**
 * Whether scores that were computed elsewhere pay the receipt's accounts nearly the same: null, or which share moved how far.
 * Rows that only the new scores have belong to nobody that the receipt knows; their part must be as small.
 */
export function compareShares(body: ReceiptBody2, scores: BigInt64Array, ids: readonly string[]): string | null {
  const { attribution } = body;
  const known = new Map(attribution.rows.map((row) => [row.exampleId, row.roles as readonly LineageAct[]]));
  const nobody: LineageAct[] = [{ role: 'collect', account: `0x${'0'.repeat(40)}` }];
  const { cut, sigma, positiveSum } = summariseNoise(scores);
  const rows = ids.map((exampleId, i) => ({ exampleId, score: scores[i]!, lineage: known.get(exampleId) ?? nobody }));
  const alphaPpm = attribution.basis === 'influence' ? attribution.certificate.alphaPpm : 0;
  const retrieved = (attribution.retrieval?.rows ?? []).map(({ exampleId, sharePpm, roles }) => ({
    ...{ exampleId, sharePpm },
    lineage: roles,
  }));
  const { shares } = attributeShares(rows, { alphaPpm, cutScore: cut, sigma, positiveSum }, retrieved);
  const said = new Map(attribution.shares.map(({ account, sharePpm }) => [account, sharePpm]));
  const found = new Map(shares.map(({ account, sharePpm }) => [account, sharePpm]));
  for (const account of new Set([...said.keys(), ...found.keys()])) {
    const [before, after] = [said.get(account) ?? 0, found.get(account) ?? 0];
    if (Math.abs(after - before) >= movedMostPpm) {
      return `share of ${account}: the receipt says ${before} ppm, recomputed ${after} ppm`;
    }
  }
  return null;
}
