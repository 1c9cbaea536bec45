import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { poolPayouts } from '#db/schema/datanet-fees.ts';
import type { PoolPayoutView } from './types.ts';

/** What stake pools were paid after the period's window; null before that, and where a later period paid it along. */
export async function getPoolPayout(db: DatabaseOrTransaction, periodId: string): Promise<PoolPayoutView | null> {
  const [row] = await db.select().from(poolPayouts).where(eq(poolPayouts.periodId, periodId));
  if (!row) return null;
  const { stakersWei, emissionWei, refused, paidAt } = row;
  return { stakersWei, emissionWei, refused, paidAt };
}
