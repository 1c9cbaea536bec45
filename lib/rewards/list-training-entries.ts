import { asc, eq } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapters, receipts, trainingRuns } from '#db/schema/models.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import { poolWeights } from '#lib/kernel/pool-weights.ts';
import { trainingReceiptSchema } from '#lib/kernel/training-receipt.ts';
import { listPooledRows } from './list-pooled-rows.ts';
import type { ReceiptEntry } from './period-schema.ts';

/**
 * A period's receipts of trainings, after its answers: their ids (`rct_`) stand behind those of answers (`rcp_`). The data part of
 * each goes to the people of the version's original rows, each row the same, by weights that stand in the entry; no model has a part.
 * Cost: one pass over the rows of each version that was trained on.
 */
export async function* listTrainingEntries(db: DatabaseOrTransaction, periodId: string): AsyncGenerator<ReceiptEntry> {
  const rows = await db
    .select({
      ...{ id: receipts.id, hash: receipts.hash, feeWei: receipts.feeWei, body: receipts.body },
      ...{ channelId: trainingBills.channelId, versionId: trainingRuns.versionId, adapterId: adapters.id },
      datanetOwner: datanets.owner,
    })
    .from(receipts)
    .innerJoin(trainingBills, eq(trainingBills.receiptId, receipts.id))
    .innerJoin(trainingRuns, eq(trainingRuns.id, trainingBills.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(adapters, eq(adapters.runId, trainingRuns.id))
    .where(eq(receipts.rewardPeriodId, periodId))
    .orderBy(asc(receipts.id));
  const known = new Map<string, [Address, number][]>();
  for (const { versionId, adapterId, datanetOwner, body, ...row } of rows) {
    // Which rows are copies is known with the adapter; a training that was given up before has all rows of the version.
    const place = { versionId, adapterId: adapterId ?? '' };
    const key = `${place.versionId} ${place.adapterId}`;
    const weights = known.get(key) ?? poolWeights(await listPooledRows(db, place));
    if (weights.length === 0) weights.push([datanetOwner as Address, 1]); // as for validators: money always has an owner
    known.set(key, weights);
    const { gateway, split } = trainingReceiptSchema.parse(body);
    yield {
      ...{ id: row.id, hash: row.hash as Hex, feeWei: row.feeWei.toString(), channelId: row.channelId as Hex | null },
      ...{ modelId: '', versionId, modelOwner: gateway, split, shares: [], commonPpm: 1_000_000, poolBy: weights },
    };
  }
}

/** Versions that a period's paid trainings learnt from. */
export async function listTrainedVersions(db: DatabaseOrTransaction, periodId: string): Promise<string[]> {
  const rows = await db
    .selectDistinct({ versionId: trainingRuns.versionId })
    .from(receipts)
    .innerJoin(trainingBills, eq(trainingBills.receiptId, receipts.id))
    .innerJoin(trainingRuns, eq(trainingRuns.id, trainingBills.runId))
    .where(eq(receipts.rewardPeriodId, periodId));
  return rows.map(({ versionId }) => versionId);
}
