import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import type { ErasureReceipt } from '#lib/kernel/erasure-receipt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { encodeVersionRows, readVersionRows, type VersionRow, versionTree } from '../version-rows.ts';

/** `erased` is null where the version only quoted the row as a former text of another. */
export type ErasedVersion = { replacedKey: string; erased: ErasureReceipt['versions'][number] | null };

/**
 * Takes a row's text out of a frozen version: its line keeps who, when and the hash that its leaf is over, so the root stands and is
 * recomputed before anything is replaced; other lines lose what they quote of it as a former text. `record` is told what was done in
 * the same transaction; the old file is the caller's to remove. A version that has nothing of the row is left as it is, so it may run twice.
 */
export async function eraseVersionRow(
  deps: Pick<Deps, 'db' | 'store'>,
  { datanetId, versionId, exampleId }: { datanetId: string; versionId: string; exampleId: string },
  record: (tx: DatabaseOrTransaction, done: ErasedVersion) => Promise<void>,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    // One rewriting of a Datanet's files at a time: two erasures would each put the other's text back.
    await tx.select({ id: datanets.id }).from(datanets).where(eq(datanets.id, datanetId)).for('no key update');
    const [version] = await tx.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
    if (!version) return;
    const rows = await readVersionRows(deps.store, version.objectKey);
    const without = rows.map((row) => withoutText(row, exampleId));
    const [before, after] = [encodeVersionRows(rows), encodeVersionRows(without)];
    if (Buffer.compare(before, after) === 0) return;
    const { number, root, objectKey: replacedKey } = version;
    if (versionTree(without).root !== root) throw new Error(`erasing a row would change the root of ${versionId}`);
    const { key: objectKey, hash: rowsAfter } = await putContent(deps.store, after);
    await tx.update(datanetVersions).set({ objectKey }).where(eq(datanetVersions.id, versionId));
    const leafIndex = rows.findIndex((row) => row.id === exampleId);
    const rowsBefore: `0x${string}` = `0x${replacedKey.split('/').at(-1)!}`;
    const leaf = rows[leafIndex];
    const erased = leaf && {
      ...{ number, root: root as `0x${string}`, leafIndex, leafHash: leaf.contentHash },
      ...{ isSalted: leaf.salt !== undefined, rowsBefore, rowsAfter },
    };
    await record(tx, { replacedKey, erased: erased ?? null });
  });
}

function withoutText(row: VersionRow, exampleId: string): VersionRow {
  if (row.id === exampleId) {
    const { id, contributor, contentHash, contributedAt, lineage } = row;
    return { id, contributor, contentHash, contributedAt, data: {}, ...(lineage && { lineage }), erased: true };
  }
  const { formerly, ...rest } = row;
  const others = formerly?.filter(({ id }) => id !== exampleId) ?? [];
  return { ...rest, ...(others.length > 0 && { formerly: others }) };
}
