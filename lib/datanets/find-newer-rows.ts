import { and, desc, eq, gte } from 'drizzle-orm';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { exampleLeaf } from './example-leaf.ts';
import { findSaltKey } from './find-salt-key.ts';

export type NewerRow = {
  id: string;
  contributor: `0x${string}`;
  data: Record<string, string>;
  createdAt: Date;
  leaf: `0x${string}`;
};

/** Accepted rows of a version that came at `since` or later, newest first, with their leaves. For who may read its rows. */
export async function findNewerRows(
  { db }: Pick<Deps, 'db'>,
  versionId: string,
  since: Date,
  most: number,
): Promise<NewerRow[]> {
  const { id, contributor, contentHash, createdAt, data, datanetId } = examples;
  const rows = await db
    .select({ id, contributor, contentHash, createdAt, data, datanetId })
    .from(versionExamples)
    .innerJoin(examples, eq(examples.id, versionExamples.exampleId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, versionExamples.versionId))
    .where(and(eq(versionExamples.versionId, versionId), eq(examples.status, 'accepted'), gte(createdAt, since)))
    .orderBy(desc(id))
    .limit(most);
  const secret = rows[0] ? await findSaltKey(db, rows[0].datanetId) : null;
  return rows.map((row) => {
    const author = row.contributor as `0x${string}`;
    const textHash = row.contentHash as `0x${string}`;
    const leaf = exampleLeaf({
      contributor: author,
      contentHash: secret ? saltedHash(rowSalt(secret, textHash), textHash) : textHash,
      contributedAtSeconds: Math.floor(row.createdAt.getTime() / 1000),
    });
    return { id: row.id, contributor: author, data: row.data, createdAt: row.createdAt, leaf };
  });
}
