import { and, asc, eq, gt } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { receipts } from '#db/schema/models.ts';
import { tasks } from '#db/schema/tasks.ts';
import { inPages } from './in-pages.ts';
import type { ReceiptEntry } from './period-schema.ts';

/** All of it is the app's, after the protocol fee: the models that it asked have been paid by their own receipts. */
const split = { data: 0, model: 0, app: 10_000, infra: 0, validators: 0 };

/**
 * A period's receipts of apps' tasks, after its trainings and passes: their ids (`rtk_`) stand behind those (`rct_`, `rps_`). Page by page, by id.
 */
export async function* listTaskEntries(db: DatabaseOrTransaction, periodId: string): AsyncGenerator<ReceiptEntry[]> {
  const pages = inPages((last, limit) =>
    db
      .select({
        id: receipts.id,
        hash: receipts.hash,
        feeWei: receipts.feeWei,
        channelId: tasks.channelId,
        app: tasks.app,
      })
      .from(receipts)
      .innerJoin(tasks, eq(tasks.receiptId, receipts.id))
      .where(and(eq(receipts.rewardPeriodId, periodId), gt(receipts.id, last)))
      .orderBy(asc(receipts.id))
      .limit(limit),
  );
  for await (const page of pages) yield page.map(toEntry);
}

function toEntry(row: {
  id: string;
  hash: string;
  feeWei: bigint;
  channelId: string | null;
  app: string;
}): ReceiptEntry {
  const app = row.app as Address;
  return {
    ...{ id: row.id, hash: row.hash as Hex, feeWei: row.feeWei.toString(), channelId: row.channelId as Hex | null },
    ...{ modelId: '', versionId: '', modelOwner: app, app, split, shares: [], commonPpm: 1_000_000, poolBy: 'shares' },
  };
}
