import type { PublicClient } from 'viem';
import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import type { ChargeReceipt } from '#lib/kernel/charge-receipt.ts';
import { documentHash } from '#lib/kernel/document-hash.ts';
import { poolShares } from '#lib/kernel/pool-shares.ts';
import { unitsOfRow } from '#lib/kernel/pool-weights.ts';
import type { ReceiptBody, ReceiptBody2 } from '#lib/kernel/receipt.ts';
import type { ChainEpoch, VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import type { ReceiptEntry } from '#lib/rewards/period-schema.ts';
import { type PeriodFile, readPeriod } from '#lib/rewards/read-period.ts';
import { verifyEpoch } from '../verify-epoch.ts';
import { checkDatanets } from './check-datanets.ts';
import { checkRowPool } from './check-row-pool.ts';

/**
 * A reward period's data file against itself, the chain and one of its receipts: every amount follows from it, common pools
 * included, its hash is the epoch's `uri`, and it has the receipt with the shares that were signed.
 */
export async function checkPeriod(input: {
  bytes: Uint8Array;
  chain: PublicClient;
  deployment: Deployment;
  epoch: ChainEpoch;
  body: ReceiptBody | ChargeReceipt;
  /** The version's rows, where they are at hand: then a pool by equal rows is held against them. */
  version: VersionLineage | null;
}): Promise<{ differs: string | null; detail: string }> {
  try {
    const comparisons = await verifyEpoch({ ...input, source: input.bytes, findFile: () => null });
    const wrong = comparisons.find(({ file, found }) => file !== found);
    if (wrong) return { differs: wrong.what, detail: `the file says ${wrong.file}, found ${wrong.found}` };
  } catch (error) {
    return { differs: 'the data file cannot be read', detail: (error as Error).message };
  }
  const file = readPeriod(input.bytes, { isOurs: true }); // its lines were checked just now
  const { entry, count } = findEntry(file, input.body.id);
  if (!entry) return { differs: 'the receipt', detail: `${input.body.id} is not in the period's file` };
  const { body, version } = input;
  const [said, found] =
    'kind' in body ? termsOfCharge(body, entry) : [termsOfBody(body), termsOfEntry(entry, file.version)];
  if (said !== found)
    return { differs: 'terms of the receipt', detail: `the receipt says ${said}, the period ${found}` };
  if (!('kind' in body)) {
    // Else a file could name another version of the model, which owes nobody a royalty.
    const paid = file.terms.models[entry.modelId]?.versionHash;
    if (file.version >= 3 && entry.feeWei !== '0' && paid !== body.model.versionHash)
      return {
        differs: 'version of the model',
        detail: `the receipt says ${body.model.versionHash}, the period ${paid}`,
      };
  }
  if (version) {
    if (version.root !== body.datanet.root)
      return { differs: 'rows of the version', detail: `root ${version.root}, the receipt says ${body.datanet.root}` };
    const { versionId } = entry;
    const wrongDatanets = file.version >= 3 && (await checkDatanets(input, file.terms, { versionId, version }));
    if (wrongDatanets) return { differs: 'Datanets of the version', detail: wrongDatanets };
    const wrongPool = checkPool(entry, file, version);
    if (wrongPool) return { differs: 'common pool by equal rows', detail: wrongPool };
  }
  return { differs: null, detail: `period ${file.terms.number}: ${count} receipts, ${file.terms.netWei} wei` };
}

function findEntry({ receipts }: PeriodFile, id: string): { entry: ReceiptEntry | null; count: number } {
  let entry: ReceiptEntry | null = null;
  let count = 0;
  for (const receipt of receipts) {
    count += 1;
    if (receipt.id === id) entry = receipt;
  }
  return { entry, count };
}

/** What goes by equal share of rows, against the version's. Null: nothing contradicts. */
function checkPool({ poolBy, modelId }: ReceiptEntry, { terms }: PeriodFile, version: VersionLineage): string | null {
  // The weights of a training stand in its entry, those of a model's answers in the terms.
  const own = modelId === '' && Array.isArray(poolBy) ? poolBy : null;
  const units = own?.reduce((sum, [, weight]) => sum + weight, 0) ?? 0;
  const pool = own ? { rows: units / unitsOfRow, weights: own } : poolBy === 'rows' ? terms.rowPools[modelId] : null;
  return pool ? checkRowPool(pool, version) : null;
}

/** What a charge's receipt fixes of its entry, said by the one and by the other. The weights of the rows are looked at apart. */
function termsOfCharge(body: ChargeReceipt, entry: ReceiptEntry): [string, string] {
  const { feeWei, split, datanet } = body;
  const { hash, modelId, versionId, modelOwner, shares, commonPpm } = entry;
  const fixed = { shares: [], commonPpm: 1_000_000, hash: documentHash(body), feeWei, split };
  const isPass = body.kind === 'pass';
  const owed = isPass
    ? { modelId: body.model.id, modelOwner: body.model.owner }
    : { modelId: '', modelOwner: body.gateway };
  const rows = (poolBy: ReceiptEntry['poolBy']) => isPass && { poolBy }; // a training's stand in the entry
  return [
    canonicalJson({ ...fixed, ...owed, versionId: datanet.versionId, ...rows('rows') } as Json),
    canonicalJson({
      ...{ hash, feeWei: entry.feeWei, split: entry.split },
      ...{ modelId, versionId, modelOwner, shares, commonPpm },
      ...rows(entry.poolBy),
    } as Json),
  ];
}

/** Files of version 1 know of no common pools, as the receipts of then. */
function termsOfEntry(entry: ReceiptEntry, version: PeriodFile['version']): string {
  const { hash, feeWei, split, shares, app, versionId, modelId } = entry;
  const common = version === 1 ? {} : { modelId, commonPpm: entry.commonPpm, poolBy: entry.poolBy };
  return canonicalJson({ hash, feeWei, split, shares, versionId, ...common, ...(app && { app }) } as Json);
}

function termsOfBody(body: ReceiptBody): string {
  const { feeWei, split } = body;
  const { versionId } = body.datanet;
  const hash = documentHash(body);
  if (body.version === 1) {
    const shares = body.attribution.shares.map(({ contributor, sharePpm }) => [contributor, sharePpm]);
    return canonicalJson({ hash, feeWei, split, shares, versionId } as Json);
  }
  const { attribution } = body;
  const shares = attribution.shares.map(({ account, sharePpm }) => [account, sharePpm]);
  const common = { modelId: body.model.id, commonPpm: attribution.commonPpm, poolBy: poolByOf(attribution) };
  const app = body.version === 3 ? { app: body.task.app } : {};
  return canonicalJson({ hash, feeWei, split, shares, versionId, ...common, ...app } as Json);
}

/** By what the common part of the answer is paid: its own shares of influence, or equal rows where it has none. */
function poolByOf({ commonPpm, explainedPpm, rows, retrieval }: ReceiptBody2['attribution']) {
  if (commonPpm === 0) return 'shares';
  const own = poolShares({ explainedPpm, rows });
  if (own === null) return 'rows';
  return retrieval && retrieval.sharePpm > 0 ? own : 'shares';
}
