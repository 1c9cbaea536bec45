import { and, asc, desc, eq, sql, sum } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { sealedRows } from '#db/schema/access.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { findFormerTexts } from '#lib/contributions/find-former-texts.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { NothingToFreezeError } from './errors.ts';
import { findRetiredExamples } from './find-retired-examples.ts';
import { findOrAddSaltKey } from './find-salt-key.ts';
import { encodeVersionRows, type VersionRow, versionTree } from './version-rows.ts';

export type FrozenRows = {
  versionId: string;
  slug: string;
  number: number;
  root: `0x${string}`;
  rowCount: number;
  objectKey: string;
  /** True when nothing changed since the newest version, which is returned then. */
  repeated: boolean;
};

/**
 * Makes the accepted rows of a Datanet its next version; who may ask for that, the callers decide (freeze-version.ts,
 * freeze-own-version.ts). Rows in the order of their ids, Merkle root over their leaves, JSONL with each row's lineage and
 * former texts in the object store under its hash. Rows that the registry holds as retired are left out. Two at the same time
 * make one version, because the second waits and finds nothing new. Costs time and memory in proportion to the accepted rows,
 * about 1 kB and 30 µs each.
 *
 * @throws {NothingToFreezeError}
 */
export async function freezeRows(
  deps: Pick<Deps, 'db' | 'store' | 'now' | 'randomBytes'>,
  account: string,
  datanet: { id: string; slug: string },
): Promise<FrozenRows> {
  const retired = new Set(await findRetiredExamples(deps, datanet.id));
  return deps.db.transaction(async (tx) => {
    // One freeze of a Datanet at a time: the number and the comparison with the newest version depend on it.
    await tx.select({ id: datanets.id }).from(datanets).where(eq(datanets.id, datanet.id)).for('no key update');
    const secret = await findOrAddSaltKey(deps, tx, datanet.id);
    const rows = (await readAcceptedRows(tx, datanet.id, secret)).filter((row) => !retired.has(row.id));
    if (rows.length === 0) throw new NothingToFreezeError(await countPending(tx, datanet.id));
    const { root } = versionTree(rows);
    const newest = await findNewestVersion(tx, datanet.id);
    if (newest?.root === root) {
      const { id: versionId, number, rowCount, objectKey } = newest;
      return { versionId, slug: datanet.slug, number, root, rowCount, objectKey, repeated: true };
    }
    // Content-addressed bytes first: if the transaction fails, they are an unnamed object and do no harm.
    const { key: objectKey } = await putContent(deps.store, encodeVersionRows(rows));
    const version = {
      id: newId(deps, 'version'),
      datanetId: datanet.id,
      number: (newest?.number ?? 0) + 1,
      root,
      rowCount: rows.length,
      contributorCount: new Set(rows.map((row) => row.contributor)).size,
      objectKey,
      frozenBy: account,
      createdAt: deps.now(),
    };
    await tx.insert(datanetVersions).values(version);
    await insertLeaves(tx, version.id, rows);
    const { id: versionId, number, rowCount } = version;
    return { versionId, slug: datanet.slug, number, root, rowCount, objectKey, repeated: false };
  });
}

async function readAcceptedRows(
  tx: DatabaseOrTransaction,
  datanetId: string,
  secret: `0x${string}`,
): Promise<VersionRow[]> {
  const rows = await tx
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
    .where(and(eq(examples.datanetId, datanetId), eq(examples.status, 'accepted')))
    .orderBy(asc(examples.id));
  const ids = rows.map(({ id }) => id);
  const lineages = await findRoles(tx, ids);
  const former = await findFormerTexts(tx, ids);
  return rows.map(({ id, contributor, contentHash, createdAt, data, era, ciphertext }) => ({
    id,
    contributor: contributor as `0x${string}`,
    ...salted(secret, contentHash as `0x${string}`),
    contributedAt: Math.floor(createdAt.getTime() / 1000),
    data,
    ...(era !== null && ciphertext !== null && { sealed: { era, ciphertext } }),
    lineage: lineages.get(id)!,
    ...(former.has(id) && { formerly: former.get(id)! }),
  }));
}

function salted(secret: `0x${string}`, textHash: `0x${string}`): Pick<VersionRow, 'contentHash' | 'salt'> {
  const salt = rowSalt(secret, textHash);
  return { contentHash: saltedHash(salt, textHash), salt };
}

async function countPending(tx: DatabaseOrTransaction, datanetId: string): Promise<number> {
  const [row] = await tx
    .select({ rows: sum(exampleCounts.rows) })
    .from(exampleCounts)
    .where(and(eq(exampleCounts.datanetId, datanetId), eq(exampleCounts.status, 'pending')));
  return Number(row?.rows ?? 0);
}

async function findNewestVersion(tx: DatabaseOrTransaction, datanetId: string) {
  const [row] = await tx
    .select()
    .from(datanetVersions)
    .where(eq(datanetVersions.datanetId, datanetId))
    .orderBy(desc(datanetVersions.number))
    .limit(1);
  return row;
}

/** Leaf i is row i. Ids travel as one array, so that a million rows are no million parameters. */
async function insertLeaves(tx: DatabaseOrTransaction, versionId: string, rows: readonly VersionRow[]): Promise<void> {
  const ids = JSON.stringify(rows.map((row) => row.id));
  await tx.execute(sql`
    insert into ${versionExamples} (version_id, leaf_index, example_id)
    select ${versionId}, (position - 1)::int, id
    from jsonb_array_elements_text(${ids}::jsonb) with ordinality as leaf(id, position)`);
}
