import { eq } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { getReadAccess } from '#lib/access/get-read-access.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { IndexNotFoundError } from './errors.ts';

/** Name of the attribution index among an adapter's files. */
export const indexFileName = 'attribution.index';

/**
 * Where an adapter's attribution index is, and its hash. It holds no text, but a direction for every row by which somebody who guesses a
 * text can tell that it was there; so of private rows only their readers get it.
 *
 * @throws {IndexNotFoundError | RowsClosedError}
 */
export async function getIndexFile(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  adapterId: string,
): Promise<{ key: string; hash: string; isPrivate: boolean }> {
  const [row] = await deps.db
    .select({
      objectPrefix: adapters.objectPrefix,
      indexSha256: adapters.indexSha256,
      datanetId: datanetVersions.datanetId,
    })
    .from(adapters)
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .where(eq(adapters.id, adapterId));
  if (!row) throw new IndexNotFoundError();
  const { tier } = await getReadAccess(deps, actor, row.datanetId);
  return { key: `${row.objectPrefix}/${indexFileName}`, hash: row.indexSha256, isPrivate: tier !== 'public' };
}
