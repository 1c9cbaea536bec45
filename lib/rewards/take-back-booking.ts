import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rewardDatanetFees } from '#db/schema/datanet-fees.ts';
import { ledgerTransactions, rewardLeaves, rewardLines, rewardRowPools } from '#db/schema/settlement.ts';

/** A booking that nobody can be paid by, because its root was never sent or was revoked, is taken back as if it had not been. */
export async function takeBackBooking(tx: DatabaseOrTransaction, periodId: string): Promise<void> {
  await tx.delete(rewardLines).where(eq(rewardLines.periodId, periodId));
  await tx.delete(rewardRowPools).where(eq(rewardRowPools.periodId, periodId));
  await tx.delete(rewardDatanetFees).where(eq(rewardDatanetFees.periodId, periodId));
  await tx.delete(rewardLeaves).where(eq(rewardLeaves.periodId, periodId));
  await tx.delete(ledgerTransactions).where(eq(ledgerTransactions.key, `settle:${periodId}`));
}
