import { and, asc, eq, gt } from 'drizzle-orm';
import type { Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPasses } from '#db/schema/model-passes.ts';
import { receipts } from '#db/schema/models.ts';
import { passReceiptSchema } from '#lib/kernel/pass-receipt.ts';
import { inPages } from './in-pages.ts';
import type { ReceiptEntry } from './period-schema.ts';

/**
 * A period's receipts of bought access passes, after its trainings: their ids (`rps_`) stand behind those (`rct_`). Divided as an answer
 * of the model without a source: by the split that the signed receipt names, the bases' part included, and the data part by equal share of
 * the version's rows. Page by page, by id.
 */
export async function* listPassEntries(db: DatabaseOrTransaction, periodId: string): AsyncGenerator<ReceiptEntry[]> {
  const pages = inPages((last, limit) =>
    db
      .select({
        ...{ id: receipts.id, hash: receipts.hash, feeWei: receipts.feeWei, body: receipts.body },
        channelId: modelPasses.channelId,
      })
      .from(receipts)
      .innerJoin(modelPasses, eq(modelPasses.receiptId, receipts.id))
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
  body: Record<string, unknown>;
  channelId: string | null;
}): ReceiptEntry {
  const { model, datanet, split } = passReceiptSchema.parse(row.body);
  return {
    ...{ id: row.id, hash: row.hash as Hex, feeWei: row.feeWei.toString(), channelId: row.channelId as Hex | null },
    ...{ modelId: model.id, versionId: datanet.versionId, modelOwner: model.owner, split },
    ...{ shares: [], commonPpm: 1_000_000, poolBy: 'rows' },
  };
}
