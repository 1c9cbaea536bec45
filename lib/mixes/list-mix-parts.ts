import { asc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { mixParts } from '#db/schema/mixes.ts';
import type { MixPartView } from './types.ts';

/** The versions that a mix is made of, in their order; none for a version that is no mix. One look at an index. */
export async function listMixParts(db: DatabaseOrTransaction, versionId: string): Promise<MixPartView[]> {
  const rows = await db
    .select({
      ...{ versionId: mixParts.versionId, tenths: mixParts.tenths, firstLeaf: mixParts.firstLeaf },
      ...{ number: datanetVersions.number, root: datanetVersions.root, rowCount: datanetVersions.rowCount },
      objectKey: datanetVersions.objectKey,
      datanet: { id: datanets.id, slug: datanets.slug, title: datanets.title, license: datanets.license },
    })
    .from(mixParts)
    .innerJoin(datanetVersions, eq(datanetVersions.id, mixParts.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(mixParts.mixId, versionId))
    .orderBy(asc(mixParts.position));
  return rows.map((row) => ({ ...row, root: row.root as `0x${string}` }));
}
