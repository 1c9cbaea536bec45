import { eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { publicText } from '#lib/access/queries.ts';
import { rowText } from '#lib/kernel/prompt-with-rows.ts';
import type { RetrievedRow } from './types.ts';

/**
 * What a prompt quoted of each row, in its order; an empty text where there is none any more. `whole` is for computing, and has rows that
 * were withdrawn or closed meanwhile; `public` is for readers. Throws for an unknown row.
 */
export async function listPassages(
  db: DatabaseOrTransaction,
  retrieved: readonly RetrievedRow[],
  which: 'whole' | 'public',
): Promise<string[]> {
  if (retrieved.length === 0) return [];
  const ids = retrieved.map(({ exampleId }) => exampleId);
  const rows = await db
    .select({
      id: examples.id,
      data: which === 'whole' ? examples.data : publicText(sql`${examples}`),
      fields: datanets.fields,
    })
    .from(examples)
    .innerJoin(datanets, eq(datanets.id, examples.datanetId))
    .where(inArray(examples.id, ids));
  const texts = new Map(rows.map(({ id, data, fields }) => [id, rowText(data ?? {}, fields)]));
  return retrieved.map(({ exampleId, chars }) => {
    const text = texts.get(exampleId);
    if (text === undefined) throw new Error(`row ${exampleId}, which an answer read, is not there`);
    return text.slice(0, chars);
  });
}
