import { eq, max, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelVersions } from '#db/schema/model-versions.ts';
import { models } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';

/** The first version of a model, where the chain has it: its registry entry, and the number of its newest version here. */
export type Family = { model: typeof models.$inferSelect; registryId: string; newest: number };

/** By the name that callers ask; null while the chain does not have its first version. */
export async function findFamily(db: DatabaseOrTransaction, slug: string): Promise<Family | null> {
  const registryId = sql<string | null>`(select e.args ->> 'id' from ${chainEvents} e
    where e.contract = 'modelRegistry' and e.name = 'VersionPublished' and e.subject = ${models.versionHash}
    order by e.block_number, e.log_index limit 1)`;
  const [row] = await db.select({ model: models, registryId }).from(models).where(eq(models.slug, slug));
  if (!row?.registryId) return null;
  const ofFamily = eq(modelVersions.familyId, row.model.id);
  const [versions] = await db
    .select({ newest: max(modelVersions.number) })
    .from(modelVersions)
    .where(ofFamily);
  return { model: row.model, registryId: row.registryId, newest: versions?.newest ?? 1 };
}
