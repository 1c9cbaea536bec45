import type { PublicClient } from 'viem';
import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import { poolShares } from '#lib/kernel/pool-shares.ts';
import { type ReceiptBody, type ReceiptBody2, receiptHash } from '#lib/kernel/receipt.ts';
import type { ChainEpoch, VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import type { ReceiptEntry } from '#lib/rewards/period-schema.ts';
import { type PeriodFile, readPeriod } from '#lib/rewards/read-period.ts';
import { verifyEpoch } from '../verify-epoch.ts';
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
  body: ReceiptBody;
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
  const [said, found] = [termsOfBody(input.body), termsOfEntry(entry, file.version)];
  if (said !== found)
    return { differs: 'terms of the receipt', detail: `the receipt says ${said}, the period ${found}` };
  const pool = entry.poolBy === 'rows' ? file.terms.rowPools[entry.modelId] : null;
  const wrongPool = pool && input.version && checkRowPool(pool, input.version);
  if (wrongPool) return { differs: 'common pool by equal rows', detail: wrongPool };
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

/** Files of version 1 know of no common pools, as the receipts of then. */
function termsOfEntry(entry: ReceiptEntry, version: PeriodFile['version']): string {
  const { hash, feeWei, split, shares, app } = entry;
  const common = version === 1 ? {} : { commonPpm: entry.commonPpm, poolBy: entry.poolBy };
  return canonicalJson({ hash, feeWei, split, shares, ...common, ...(app && { app }) } as Json);
}

function termsOfBody(body: ReceiptBody): string {
  const { feeWei, split } = body;
  const hash = receiptHash(body);
  if (body.version === 1) {
    const shares = body.attribution.shares.map(({ contributor, sharePpm }) => [contributor, sharePpm]);
    return canonicalJson({ hash, feeWei, split, shares } as Json);
  }
  const { attribution } = body;
  const shares = attribution.shares.map(({ account, sharePpm }) => [account, sharePpm]);
  const common = { commonPpm: attribution.commonPpm, poolBy: poolByOf(attribution) };
  const app = body.version === 3 ? { app: body.task.app } : {};
  return canonicalJson({ hash, feeWei, split, shares, ...common, ...app } as Json);
}

/** By what the common part of the answer is paid: its own shares of influence, or equal rows where it has none. */
function poolByOf({ commonPpm, explainedPpm, rows, retrieval }: ReceiptBody2['attribution']) {
  if (commonPpm === 0) return 'shares';
  const own = poolShares({ explainedPpm, rows });
  if (own === null) return 'rows';
  return retrieval && retrieval.sharePpm > 0 ? own : 'shares';
}
