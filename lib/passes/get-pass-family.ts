import { and, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { models } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { ModelNotFoundError } from '#lib/model-factory/errors.ts';

const isLive = sql`exists (select 1 from ${chainEvents} e
  where e.contract = 'modelRegistry' and e.name = 'VersionPublished' and e.subject = ${models.versionHash})`;

/** What passes are for: a model's name, whichever version of it answers. `id`: of its first version. */
export type PassFamily = { id: string; name: string; owner: `0x${string}` };

/**
 * The family of a live model, by its name, the name of a version (`name@2`) or an id.
 *
 * @throws {ModelNotFoundError} also while the chain does not have it
 */
export async function getPassFamily(db: DatabaseOrTransaction, name: string): Promise<PassFamily> {
  const [row] = await db
    .select({ id: models.id, name: models.slug, owner: models.owner })
    .from(models)
    .where(and(eq(models.id, sql`family_of(resolve_model(${name}))`), isLive));
  if (!row) throw new ModelNotFoundError(name);
  return { ...row, owner: row.owner as `0x${string}` };
}

/** Licences of the rows that the family's versions were trained on. */
export async function listFamilyLicences(db: DatabaseOrTransaction, familyId: string): Promise<string[]> {
  const { rows } = await db.execute<{ license: string }>(sql`
    select distinct d.license from models m join datanet_versions v on v.id = m.version_id join datanets d on d.id = v.datanet_id
    where m.id = ${familyId} or m.id in (select model_id from model_versions where family_id = ${familyId})`);
  return rows.map(({ license }) => license);
}
