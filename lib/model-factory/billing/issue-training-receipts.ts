import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { receipts, trainingRuns } from '#db/schema/models.ts';
import { trainingBills } from '#db/schema/training-bills.ts';
import { documentHash } from '#lib/kernel/document-hash.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { type TrainingReceipt, trainingReceiptSchema } from '#lib/kernel/training-receipt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { trainingSplit } from './training-fee.ts';

type Billed = {
  bill: typeof trainingBills.$inferSelect;
  run: typeof trainingRuns.$inferSelect;
  version: typeof datanetVersions.$inferSelect;
};

/**
 * Signs a receipt for every settled bill that was charged and has none, by which the charge enters the next reward period. Returns
 * how many. Harmless to repeat: a receipt's id follows from its bill's.
 */
export async function issueTrainingReceipts(
  deps: Pick<Deps, 'db' | 'operator' | 'now'>,
  { limit = 200 }: { limit?: number } = {},
): Promise<number> {
  const billed = await deps.db
    .select({ bill: trainingBills, run: trainingRuns, version: datanetVersions })
    .from(trainingBills)
    .innerJoin(trainingRuns, eq(trainingRuns.id, trainingBills.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .where(and(eq(trainingBills.status, 'settled'), isNull(trainingBills.receiptId), gt(trainingBills.feeWei, 0n)))
    .orderBy(asc(trainingBills.settledAt))
    .limit(limit);
  for (const one of billed) await issue(deps, one);
  return billed.length;
}

async function issue(deps: Pick<Deps, 'db' | 'operator' | 'now'>, billed: Billed): Promise<void> {
  const body = toReceipt(billed, deps.operator.address, deps.now());
  const hash = documentHash(body);
  const signature = await deps.operator.signMessage!({ message: { raw: hash } });
  await deps.db.transaction(async (tx) => {
    const row = { id: body.id, body, hash, signature, feeWei: billed.bill.feeWei, createdAt: new Date(body.issuedAt) };
    await tx.insert(receipts).values(row).onConflictDoNothing();
    await tx.update(trainingBills).set({ receiptId: body.id }).where(eq(trainingBills.id, billed.bill.id));
  });
}

/** Throws zod's error, before anything is signed, where it would not be a receipt. */
function toReceipt({ bill, run, version }: Billed, gateway: string, issuedAt: Date): TrainingReceipt {
  return trainingReceiptSchema.parse({
    ...{ kind: 'training', version: bill.outcome === 'running' ? 2 : 1 },
    ...{ id: derivedId('trainingReceipt', bill.id), billId: bill.id, runId: run.id },
    ...{
      issuedAt: issuedAt.toISOString(),
      gateway: gateway.toLowerCase(),
      payer: bill.payer,
      channelId: bill.channelId,
    },
    ...{ baseModel: run.baseModel, outcome: bill.outcome },
    datanet: { id: version.datanetId, versionId: version.id, number: version.number, root: version.root },
    tokens: { trained: bill.tokens, free: bill.freeTokens },
    price: { weiPerThousandTokens: bill.weiPerThousandTokens.toString() },
    feeWei: bill.feeWei.toString(),
    split: trainingSplit,
  });
}
