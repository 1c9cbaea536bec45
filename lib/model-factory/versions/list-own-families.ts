import { and, desc, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelVersions } from '#db/schema/model-versions.ts';
import { models } from '#db/schema/models.ts';
import { isLive } from '../chain-facts.ts';
import type { OwnFamily } from '../types.ts';

/** Live models of an account that can get another version, newest first, at most 50. */
export async function listOwnFamilies(db: DatabaseOrTransaction, owner: string): Promise<OwnFamily[]> {
  const isFirst = sql`not exists (select 1 from ${modelVersions} v where v.model_id = ${models.id} and v.number > 1)`;
  return db
    .select({ slug: models.slug, name: models.name, split: models.split })
    .from(models)
    .where(and(eq(models.owner, owner), isLive, isFirst))
    .orderBy(desc(models.createdAt))
    .limit(50);
}
