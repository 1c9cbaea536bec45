import { and, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { findSaltKey } from '#lib/datanets/find-salt-key.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import type { KnownExample } from './types.ts';

/** Rows of a Datanet with one of these content hashes, whatever their status, erased rows included. Two look-ups in a unique index for each. */
export async function findKnownExamples(
  db: DatabaseOrTransaction,
  datanetId: string,
  contentHashes: readonly string[],
): Promise<Map<string, KnownExample>> {
  const known = new Map<string, KnownExample>();
  const secret = await findSaltKey(db, datanetId);
  // Of an erased row the server has the salted hash alone.
  const asked = new Map(contentHashes.map((hash) => [hash, hash]));
  for (const hash of contentHashes as readonly `0x${string}`[])
    if (secret) asked.set(saltedHash(rowSalt(secret, hash), hash), hash);
  const stored = [...asked.keys()];
  for (let start = 0; start < stored.length; start += 1000) {
    const rows = await db
      .select({ exampleId: examples.id, status: examples.status, contentHash: examples.contentHash })
      .from(examples)
      .where(and(eq(examples.datanetId, datanetId), inArray(examples.contentHash, stored.slice(start, start + 1000))));
    for (const { contentHash, ...example } of rows) known.set(asked.get(contentHash)!, example);
  }
  return known;
}
