import { and, eq, or } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetRoles, datanets } from '#db/schema/datanets.ts';
import { DatanetNotFoundError } from './errors.ts';
import type { DatanetField } from './types.ts';

/** What use cases need to decide: who owns and reviews, and what a row looks like. */
export type DatanetTerms = {
  id: string;
  slug: string;
  owner: `0x${string}`;
  metaHash: `0x${string}`;
  /** BCP-47 */
  language: string;
  fields: DatanetField[];
  curators: `0x${string}`[];
};

/** By id or slug. Two index look-ups. Throws DatanetNotFoundError. */
export async function getDatanetTerms(db: DatabaseOrTransaction, idOrSlug: string): Promise<DatanetTerms> {
  const [row] = await db
    .select()
    .from(datanets)
    .where(or(eq(datanets.id, idOrSlug), eq(datanets.slug, idOrSlug)));
  if (!row) throw new DatanetNotFoundError(idOrSlug);
  const curators = await db
    .select({ address: datanetRoles.address })
    .from(datanetRoles)
    .where(and(eq(datanetRoles.datanetId, row.id), eq(datanetRoles.role, 'curator')));
  return {
    id: row.id,
    slug: row.slug,
    owner: row.owner as `0x${string}`,
    metaHash: row.metaHash as `0x${string}`,
    language: row.language,
    fields: row.fields,
    curators: curators.map(({ address }) => address as `0x${string}`),
  };
}
