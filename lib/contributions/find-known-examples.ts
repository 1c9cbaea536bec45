import { and, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import type { KnownExample } from './types.ts';

/** Rows of a Datanet with one of these content hashes, whatever their status. One look-up in a unique index for each. */
export async function findKnownExamples(
  db: DatabaseOrTransaction,
  datanetId: string,
  contentHashes: readonly string[],
): Promise<Map<string, KnownExample>> {
  const known = new Map<string, KnownExample>();
  for (let start = 0; start < contentHashes.length; start += 1000) {
    const rows = await db
      .select({ exampleId: examples.id, status: examples.status, contentHash: examples.contentHash })
      .from(examples)
      .where(
        and(
          eq(examples.datanetId, datanetId),
          inArray(examples.contentHash, contentHashes.slice(start, start + 1000) as string[]),
        ),
      );
    for (const { contentHash, ...example } of rows) known.set(contentHash, example);
  }
  return known;
}
