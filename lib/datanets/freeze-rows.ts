import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, desc, eq, gte, sql, sum } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { putContentFile } from '#lib/platform/storage/content-address.ts';
import { NothingToFreezeError, RowsChangedError } from './errors.ts';
import { findRetiredExamples } from './find-retired-examples.ts';
import { findOrAddSaltKey } from './find-salt-key.ts';
import { stageRows } from './stage-rows.ts';

type FreezeDeps = Pick<Deps, 'db' | 'store' | 'now' | 'randomBytes'>;
type OnRows = (count: number) => Promise<void>;

const leavesPerInsert = 20_000;

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
 * make one version, because the second waits and finds nothing new. Rows go through a file of
 * this machine, a page at a time: in memory are some 150 bytes a row, the tree included.
 *
 * @param onRows hears how many rows are written; what it throws stops the freeze, and nothing is left of it
 * @throws {RowsChangedError} a row was withdrawn meanwhile; asking again leaves it out.
 * @throws {NothingToFreezeError}
 */
export async function freezeRows(
  deps: FreezeDeps,
  account: string,
  datanet: { id: string; slug: string },
  onRows: OnRows = async () => {},
): Promise<FrozenRows> {
  const retired = new Set(await findRetiredExamples(deps, datanet.id));
  const folder = await mkdtemp(join(tmpdir(), 'openledger-freeze-'));
  try {
    const path = join(folder, 'rows.jsonl');
    return await deps.db.transaction((tx) => freeze(deps, tx, { account, datanet, retired, path, onRows }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Freezing = {
  account: string;
  datanet: { id: string; slug: string };
  retired: ReadonlySet<string>;
  /** Where the version's file is written. */
  path: string;
  onRows: OnRows;
};

async function freeze(deps: FreezeDeps, tx: DatabaseOrTransaction, freezing: Freezing): Promise<FrozenRows> {
  const { account, datanet, retired, path, onRows } = freezing;
  const { id: datanetId, slug } = datanet;
  // One freeze of a Datanet at a time: the number and the comparison with the newest version depend on it.
  await tx.select({ id: datanets.id }).from(datanets).where(eq(datanets.id, datanetId)).for('no key update');
  const startedAt = deps.now();
  const secret = await findOrAddSaltKey(deps, tx, datanetId);
  const staged = await stageRows(tx, { datanetId, secret, retired }, path, onRows);
  if (staged.ids.length === 0) throw new NothingToFreezeError(await countPending(tx, datanetId));
  const { root } = buildTree(staged.leaves);
  const newest = await findNewestVersion(tx, datanetId);
  if (newest?.root === root) {
    const { id: versionId, number, rowCount, objectKey } = newest;
    return { versionId, slug, number, root, rowCount, objectKey, repeated: true };
  }
  await requireUnwithdrawn(tx, datanetId, staged.ids, startedAt);
  // Content-addressed bytes first: if the transaction fails, they are an unnamed object and do no harm.
  const objectKey = await putContentFile(deps.store, path, staged.hash);
  const version = {
    id: newId(deps, 'version'),
    datanetId,
    number: (newest?.number ?? 0) + 1,
    root,
    rowCount: staged.ids.length,
    contributorCount: staged.contributorCount,
    objectKey,
    frozenBy: account,
    createdAt: deps.now(),
  };
  await tx.insert(datanetVersions).values(version);
  await insertLeaves(tx, version.id, staged.ids, onRows);
  const { id: versionId, number, rowCount } = version;
  return { versionId, slug, number, root, rowCount, objectKey, repeated: false };
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

/** Leaf i is row i. Ids travel as arrays, so that a million rows are no million parameters. Half of the time, so `onRows` may stop it too. */
async function insertLeaves(
  tx: DatabaseOrTransaction,
  versionId: string,
  ids: readonly string[],
  onRows: OnRows,
): Promise<void> {
  for (let start = 0; start < ids.length; start += leavesPerInsert) {
    const part = JSON.stringify(ids.slice(start, start + leavesPerInsert));
    await tx.execute(sql`
      insert into ${versionExamples} (version_id, leaf_index, example_id)
      select ${versionId}, ${start}::int + (position - 1)::int, id
      from jsonb_array_elements_text(${part}::jsonb) with ordinality as leaf(id, position)`);
    await onRows(ids.length);
  }
}

/** What its author took back while the file was being written must not stay in it: nobody would erase it there. */
async function requireUnwithdrawn(
  tx: DatabaseOrTransaction,
  datanetId: string,
  ids: readonly string[],
  since: Date,
): Promise<void> {
  const isLate = and(eq(examples.status, 'withdrawn'), gte(examples.withdrawnAt, since));
  const withdrawn = await tx
    .select({ id: examples.id })
    .from(examples)
    .where(and(eq(examples.datanetId, datanetId), isLate));
  const written = new Set(withdrawn.length === 0 ? [] : ids);
  if (withdrawn.some(({ id }) => written.has(id))) throw new RowsChangedError();
}
