import { eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { readVersionRows, versionTree } from './version-rows.ts';

type Hash = `0x${string}`;

/** A row as DatanetRegistry's `Record` has it, and the way from its leaf to the version's root. */
export type RowProof = {
  exampleId: string;
  record: { contributor: Hash; contentHash: Hash; contributedAt: bigint };
  proof: Hash[];
};

/** Records and proofs of rows of a version; rows that it does not hold are left out. Costs the version's tree, 30 µs a row. */
export async function getRowProofs(
  deps: Pick<Deps, 'db' | 'store'>,
  versionId: string,
  exampleIds: readonly string[],
): Promise<RowProof[]> {
  const [version] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
  const rows = await readVersionRows(deps.store, version!.objectKey);
  const tree = versionTree(rows);
  const wanted = new Set(exampleIds);
  return rows.flatMap(({ id, contributor, contentHash, contributedAt }, index) => {
    if (!wanted.has(id)) return [];
    const record = { contributor, contentHash, contributedAt: BigInt(contributedAt) };
    return [{ exampleId: id, record, proof: tree.proofFor(index) }];
  });
}
