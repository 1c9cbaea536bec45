import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardDatanetFees } from '#db/schema/datanet-fees.ts';
import { rewardPeriods, rewardRowPools } from '#db/schema/settlement.ts';
import type { LedgerAccount } from '#lib/platform/ledger/ledger-accounts.ts';
import { postLedger } from '#lib/platform/ledger/post-ledger.ts';
import { newId } from '#lib/platform/new-id.ts';
import { putContentFile } from '#lib/platform/storage/content-address.ts';
import { type BuiltFile, buildInThread } from './build-in-thread.ts';
import { lockSettlement, type Period } from './close-period.ts';
import type { PeriodTerms } from './period-schema.ts';
import { collectTerms, findPrevious } from './period-terms.ts';
import type { PeriodPiece } from './period-thread.ts';
import type { SettlementDeps } from './settlement-deps.ts';
import { spoolPeriod } from './spool-period.ts';
import { storeLeaves, storeLines } from './store-pieces.ts';

/**
 * Fifth step: who earned what. Stores lines, leaves, totals, the ledger posting and the data file in one transaction, as they
 * are computed: of a million receipts only what each account earned is in memory. Run twice it changes nothing the second time.
 */
export async function bookPeriod(deps: SettlementDeps, period: Period): Promise<Period> {
  const folder = await mkdtemp(join(tmpdir(), 'openledger-period-'));
  try {
    const path = join(folder, 'period.ndjson');
    const previous = await findPrevious(deps.db, period.number);
    const terms = await collectTerms(deps, period, previous);
    await spoolPeriod(deps.db, path, terms, { period: period.id, previous: previous?.id ?? null });
    return await deps.db.transaction(async (tx) => {
      await lockSettlement(tx);
      const [current] = await tx.select().from(rewardPeriods).where(eq(rewardPeriods.id, period.id));
      if (current?.status !== 'closed') return current ?? period; // another run was faster
      return store(deps, tx, current, terms, path);
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function store(
  deps: SettlementDeps,
  tx: DatabaseOrTransaction,
  period: Period,
  terms: PeriodTerms,
  path: string,
): Promise<Period> {
  const sums: Sums = { pools: new Map(), payable: [] };
  const built = await buildInThread(path, (piece) => storePiece(tx, period.id, piece, sums));
  const dataKey = await putContentFile(deps.store, path, built.sha256);
  await deps.onStep?.('data-stored');
  await storeRowPools(tx, period.id, terms.rowPools, sums.pools);
  await storeFees(tx, period.id, built.datanetFees);
  const change = {
    status: 'claimed' as const,
    protocolFeeWei: BigInt(terms.protocolFeeWei),
    netWei: BigInt(terms.netWei),
    totalWei: BigInt(built.totals.totalWei),
    root: built.totals.earningsRoot,
    receiptsRoot: built.totals.receiptsRoot,
    dataKey,
  };
  await tx.update(rewardPeriods).set(change).where(eq(rewardPeriods.id, period.id));
  await postPeriod(deps, tx, { ...period, ...change }, sums.payable);
  return { ...period, ...change };
}

type Posting = { account: LedgerAccount; amountWei: bigint };
/** What is left of the pieces when they are stored. */
type Sums = { pools: Map<string, bigint>; payable: Posting[] };

async function storePiece(tx: DatabaseOrTransaction, periodId: string, piece: PeriodPiece, sums: Sums): Promise<void> {
  if (piece.type === 'leaves') {
    await storeLeaves(tx, periodId, piece.leaves);
    for (const { account, addedWei } of piece.leaves) {
      if (addedWei > 0n) sums.payable.push({ account: `payable:${account}`, amountWei: -addedWei });
    }
    return;
  }
  await storeLines(tx, periodId, piece.lines);
  for (const { receiptId, modelId, amountWei } of piece.lines) {
    if (receiptId === null) sums.pools.set(modelId, (sums.pools.get(modelId) ?? 0n) + amountWei);
  }
}

async function storeRowPools(
  tx: DatabaseOrTransaction,
  periodId: string,
  rowPools: PeriodTerms['rowPools'],
  amounts: ReadonlyMap<string, bigint>,
): Promise<void> {
  for (const [modelId, amountWei] of amounts) {
    await tx.insert(rewardRowPools).values({ periodId, modelId, rowCount: rowPools[modelId]!.rows, amountWei });
  }
}

async function storeFees(tx: DatabaseOrTransaction, periodId: string, fees: BuiltFile['datanetFees']): Promise<void> {
  const rows = fees.map(({ datanet, cumulativeWei }) => ({ periodId, datanet: datanet.toString(), cumulativeWei }));
  for (let i = 0; i < rows.length; i += 5_000) await tx.insert(rewardDatanetFees).values(rows.slice(i, i + 5_000));
}

async function postPeriod(
  deps: SettlementDeps,
  tx: DatabaseOrTransaction,
  period: Period,
  payable: readonly Posting[],
): Promise<void> {
  await postLedger(tx, {
    key: `settle:${period.id}`,
    kind: 'settlement',
    entries: [
      { account: 'revenue:unsettled', amountWei: period.grossWei },
      { account: 'revenue:protocol-fee', amountWei: -period.protocolFeeWei },
      ...payable,
    ],
    at: deps.now(),
    id: newId(deps, 'ledger'),
  });
}
