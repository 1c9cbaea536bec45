import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { and, asc, eq, gt } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { sealedRows } from '#db/schema/access.ts';
import { examples } from '#db/schema/datanets.ts';
import { findFormerTexts } from '#lib/contributions/find-former-texts.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import { packLeaf } from './example-leaf.ts';
import { encodeVersionRows, type VersionRow } from './version-rows.ts';

const pageRows = 2_000;

export type StagedRows = {
  ids: string[];
  /** 32 bytes a row, in the order of `ids`. */
  leaves: Uint8Array;
  contributorCount: number;
  /** SHA-256 of the file. */
  hash: `0x${string}`;
};

/**
 * Writes the accepted rows of a Datanet, less `retired`, as a version's JSONL into a file of this machine, a page at a time: in memory are
 * the ids, the leaves and one page, some 100 bytes a row. `onRows` is told how many are written and may throw to stop.
 */
export async function stageRows(
  db: DatabaseOrTransaction,
  source: { datanetId: string; secret: `0x${string}`; retired: ReadonlySet<string> },
  path: string,
  onRows: (count: number) => Promise<void>,
): Promise<StagedRows> {
  const ids: string[] = [];
  const leaves: Uint8Array[] = [];
  const contributors = new Set<string>();
  const hash = createHash('sha256');
  const lines = async function* () {
    for (let after = ''; ; ) {
      const { rows, last } = await readPage(db, source, after);
      if (last === null) return;
      after = last;
      const packed = new Uint8Array(32 * rows.length);
      rows.forEach((row, at) => {
        ids.push(row.id);
        contributors.add(row.contributor);
        packLeaf({ ...row, contributedAtSeconds: row.contributedAt }, packed, 32 * at);
      });
      leaves.push(packed);
      const bytes = encodeVersionRows(rows);
      hash.update(bytes);
      yield bytes;
      await onRows(ids.length);
    }
  };
  await pipeline(lines, createWriteStream(path));
  return {
    ids,
    leaves: Buffer.concat(leaves),
    contributorCount: contributors.size,
    hash: `0x${hash.digest('hex')}`,
  };
}

/** Rows after an id, and the last id that was looked at; null at the end. */
async function readPage(
  db: DatabaseOrTransaction,
  { datanetId, secret, retired }: { datanetId: string; secret: `0x${string}`; retired: ReadonlySet<string> },
  after: string,
): Promise<{ rows: VersionRow[]; last: string | null }> {
  const found = await db
    .select({
      id: examples.id,
      contributor: examples.contributor,
      contentHash: examples.contentHash,
      createdAt: examples.createdAt,
      data: examples.data,
      era: sealedRows.era,
      ciphertext: sealedRows.ciphertext,
    })
    .from(examples)
    .leftJoin(sealedRows, eq(sealedRows.exampleId, examples.id))
    .where(and(eq(examples.datanetId, datanetId), eq(examples.status, 'accepted'), gt(examples.id, after)))
    .orderBy(asc(examples.id))
    .limit(pageRows);
  const last = found.at(-1)?.id ?? null;
  const page = found.filter(({ id }) => !retired.has(id));
  const ids = page.map(({ id }) => id);
  const lineages = await findRoles(db, ids);
  const former = await findFormerTexts(db, ids);
  const rows = page.map(({ id, contributor, contentHash, createdAt, data, era, ciphertext }) => ({
    id,
    contributor: contributor as `0x${string}`,
    ...salted(secret, contentHash as `0x${string}`),
    contributedAt: Math.floor(createdAt.getTime() / 1000),
    data,
    ...(era !== null && ciphertext !== null && { sealed: { era, ciphertext } }),
    lineage: lineages.get(id)!,
    ...(former.has(id) && { formerly: former.get(id)! }),
  }));
  return { rows, last };
}

function salted(secret: `0x${string}`, textHash: `0x${string}`): Pick<VersionRow, 'contentHash' | 'salt'> {
  const salt = rowSalt(secret, textHash);
  return { contentHash: saltedHash(salt, textHash), salt };
}
