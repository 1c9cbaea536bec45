import { and, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { findSaltKey } from '#lib/datanets/find-salt-key.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import { listGoldTexts } from './list-gold-texts.ts';
import { contentHashOf } from './parse/canonical-text.ts';
import { tellTwin } from './tell-twin.ts';
import type { KnownExample } from './types.ts';

/**
 * Rows of a Datanet with one of these content hashes, whatever their status, erased rows included, as far as their sender may know
 * (`tellTwin`). Two look-ups in a unique index for each, and the gold rows.
 */
export async function findKnownExamples(
  db: DatabaseOrTransaction,
  datanetId: string,
  contentHashes: readonly string[],
  sender: string | null,
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
      .select({
        ...{ exampleId: examples.id, status: examples.status, contributor: examples.contributor },
        contentHash: examples.contentHash,
      })
      .from(examples)
      .where(and(eq(examples.datanetId, datanetId), inArray(examples.contentHash, stored.slice(start, start + 1000))));
    for (const { contentHash, ...twin } of rows) known.set(asked.get(contentHash)!, tellTwin(twin, sender));
  }
  if (contentHashes.length === 0) return known;
  for (const data of await listGoldTexts(db, datanetId)) {
    const hash = contentHashOf(data);
    if (asked.has(hash) && !known.has(hash)) known.set(hash, { exampleId: null, status: null });
  }
  return known;
}
