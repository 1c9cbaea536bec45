import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { sealedRows } from '#db/schema/access.ts';
import { examples } from '#db/schema/datanets.ts';
import { exampleAuthors } from '#db/schema/handles.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { findFormerTexts } from '#lib/contributions/find-former-texts.ts';
import { findRoles, rolesOfCollected } from '#lib/contributions/find-roles.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import { packLeaf } from './example-leaf.ts';
import { encodeVersionRows, type VersionRow } from './version-rows.ts';

const pageRows = 2_000;

type Source = { datanetId: string; secret: `0x${string}`; retired: ReadonlySet<string> };

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
 * the ids, the leaves and two pages, some 100 bytes a row. The database reads a page while the one before is hashed and written. `onRows`
 * is told how many are written and may throw to stop.
 */
export async function stageRows(
  db: DatabaseOrTransaction,
  source: Source,
  path: string,
  onRows: (count: number) => Promise<void>,
): Promise<StagedRows> {
  const ids: string[] = [];
  const leaves: Uint8Array[] = [];
  const contributors = new Set<string>();
  const hash = createHash('sha256');
  const lines = async function* () {
    for await (const page of readPages(db, source.datanetId)) {
      const rows = await toVersionRows(db, source, page);
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

type StoredRow = Awaited<ReturnType<typeof readPage>>[number];

/** Pages in the order of ids; the next one is asked for before this one is used. */
async function* readPages(db: DatabaseOrTransaction, datanetId: string): AsyncGenerator<StoredRow[]> {
  let next = readPage(db, datanetId, '');
  for (;;) {
    const page = await next;
    const last = page.at(-1);
    if (!last) return;
    next = readPage(db, datanetId, last.id);
    next.catch(() => {}); // if this page stops the reading, nobody awaits the next one
    yield page;
  }
}

/** `isPlain`: one person sent it and nobody improved it, so that its lineage is known without a look-up. */
async function readPage(db: DatabaseOrTransaction, datanetId: string, after: string) {
  return db
    .select({
      id: examples.id,
      contributor: examples.contributor,
      reviewedBy: examples.reviewedBy,
      contentHash: examples.contentHash,
      createdAt: examples.createdAt,
      data: examples.data,
      era: sealedRows.era,
      ciphertext: sealedRows.ciphertext,
      isPlain: sql<boolean>`
        not exists (select 1 from ${exampleDerivations} d where d.example_id = ${examples.id})
        and not exists (select 1 from ${exampleAuthors} a where a.example_id = ${examples.id})`,
    })
    .from(examples)
    .leftJoin(sealedRows, eq(sealedRows.exampleId, examples.id))
    .where(and(eq(examples.datanetId, datanetId), eq(examples.status, 'accepted'), gt(examples.id, after)))
    .orderBy(asc(examples.id))
    .limit(pageRows);
}

async function toVersionRows(
  db: DatabaseOrTransaction,
  { secret, retired }: Source,
  stored: readonly StoredRow[],
): Promise<VersionRow[]> {
  const page = stored.filter(({ id }) => !retired.has(id));
  const others = page.filter(({ isPlain }) => !isPlain).map(({ id }) => id);
  const lineages = await findRoles(db, others);
  const former = await findFormerTexts(db, others);
  return page.map(({ id, contributor, reviewedBy, contentHash, createdAt, data, era, ciphertext }) => ({
    id,
    contributor: contributor as `0x${string}`,
    ...salted(secret, contentHash as `0x${string}`),
    contributedAt: Math.floor(createdAt.getTime() / 1000),
    data,
    ...(era !== null && ciphertext !== null && { sealed: { era, ciphertext } }),
    lineage: lineages.get(id) ?? rolesOfCollected(contributor, reviewedBy),
    ...(former.has(id) && { formerly: former.get(id)! }),
  }));
}

function salted(secret: `0x${string}`, textHash: `0x${string}`): Pick<VersionRow, 'contentHash' | 'salt'> {
  const salt = rowSalt(secret, textHash);
  return { contentHash: saltedHash(salt, textHash), salt };
}
