import { and, desc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { contributions } from '#db/schema/datanets.ts';

export type ContributionLine = { id: string; source: string; rowCount: number; createdAt: Date };

/** A person's newest contributions to one Datanet, at most 20. Cost: the Datanet's contributions by index, newest first. */
export async function listContributions(
  db: DatabaseOrTransaction,
  input: { datanetId: string; contributor: string },
): Promise<ContributionLine[]> {
  return db
    .select({
      id: contributions.id,
      source: contributions.source,
      rowCount: contributions.rowCount,
      createdAt: contributions.createdAt,
    })
    .from(contributions)
    .where(and(eq(contributions.datanetId, input.datanetId), eq(contributions.contributor, input.contributor)))
    .orderBy(desc(contributions.createdAt))
    .limit(20);
}
