import { and, desc, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { VersionNotFoundError } from '#lib/datanets/errors.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { type ViewerColumn, viewerColumns } from './viewer-columns.ts';

export type ViewerVersion = {
  datanetId: string;
  slug: string;
  versionId: string;
  number: number;
  rowCount: number;
  objectKey: string;
  createdAt: Date;
  columns: ViewerColumn[];
};

/**
 * A frozen version by the Datanet's slug or id; without a number the newest. Three index look-ups. What it says is public of
 * private Datanets too; for rows there is get-viewer-version.ts.
 *
 * @throws {DatanetNotFoundError | VersionNotFoundError}
 */
export async function findViewerVersion(
  db: DatabaseOrTransaction,
  { dataset, revision }: { dataset: string; revision?: number | undefined },
): Promise<ViewerVersion> {
  const { id: datanetId, slug, fields } = await getDatanetTerms(db, dataset);
  const [version] = await db
    .select()
    .from(datanetVersions)
    .where(
      and(
        eq(datanetVersions.datanetId, datanetId),
        revision === undefined ? undefined : eq(datanetVersions.number, revision),
      ),
    )
    .orderBy(desc(datanetVersions.number))
    .limit(1);
  if (!version) throw new VersionNotFoundError(slug, revision ?? 'yet');
  const { id: versionId, number, rowCount, objectKey, createdAt } = version;
  return { datanetId, slug, versionId, number, rowCount, objectKey, createdAt, columns: viewerColumns(fields) };
}
