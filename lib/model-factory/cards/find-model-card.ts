import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelCards } from '#db/schema/model-versions.ts';

/** What the owner wrote; null before they did. */
export async function findModelCard(
  db: DatabaseOrTransaction,
  modelId: string,
): Promise<{ body: string; updatedAt: Date } | null> {
  const [card] = await db.select().from(modelCards).where(eq(modelCards.modelId, modelId));
  return card ? { body: card.body, updatedAt: card.updatedAt } : null;
}
