import { eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { rowText } from '#lib/kernel/prompt-with-rows.ts';
import type { RetrievedRow } from './types.ts';

/** What a prompt quoted of each row, in its order; also of rows that were withdrawn since. Throws for an unknown row. */
export async function listPassages(db: DatabaseOrTransaction, retrieved: readonly RetrievedRow[]): Promise<string[]> {
  if (retrieved.length === 0) return [];
  const ids = retrieved.map(({ exampleId }) => exampleId);
  const rows = await db
    .select({ id: examples.id, data: examples.data, fields: datanets.fields })
    .from(examples)
    .innerJoin(datanets, eq(datanets.id, examples.datanetId))
    .where(inArray(examples.id, ids));
  const texts = new Map(rows.map(({ id, data, fields }) => [id, rowText(data, fields)]));
  return retrieved.map(({ exampleId, chars }) => {
    const text = texts.get(exampleId);
    if (text === undefined) throw new Error(`row ${exampleId}, which an answer read, is not there`);
    return text.slice(0, chars);
  });
}
