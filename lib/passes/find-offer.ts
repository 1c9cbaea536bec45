import { desc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { passOffers } from '#db/schema/model-passes.ts';
import type { PassOffer, PassPrice } from './types.ts';

/** Who may ask the models of a family, and what passes cost: what its owner said last, else everybody. */
export async function findOffer(db: DatabaseOrTransaction, familyId: string): Promise<PassOffer> {
  const [row] = await db
    .select()
    .from(passOffers)
    .where(eq(passOffers.familyId, familyId))
    .orderBy(desc(passOffers.id))
    .limit(1);
  if (!row) return { access: 'everybody', prices: [] };
  const { access, days, daysWei, answers, answersWei } = row;
  const prices: PassPrice[] = [];
  if (days !== null && daysWei !== null) prices.push({ kind: 'days', amount: days, priceWei: daysWei });
  if (answers !== null && answersWei !== null) prices.push({ kind: 'answers', amount: answers, priceWei: answersWei });
  return { access, prices };
}
