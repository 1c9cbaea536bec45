import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import type { Page } from '#lib/datanets/types.ts';
import { type ExampleRecord, exampleColumns, toExampleRow } from './example-columns.ts';
import type { ListExamplesInput } from './schema.ts';
import type { ExampleRow } from './types.ts';

/**
 * A page of a Datanet's rows in the order of their ids (oldest first). Keyset on (datanet, status, id): the last page
 * costs what the first one costs. With a contributor it runs on (datanet, contributor, status, id); with words on the
 * full-text index, in proportion to the matching rows; a length filter reads rows until the page is full.
 */
export async function listExamples(
  db: DatabaseOrTransaction,
  datanetId: string,
  input: ListExamplesInput,
): Promise<Page<ExampleRow>> {
  const query = textQuery(input.q);
  const result = await db.execute<ExampleRecord>(sql`
    select ${exampleColumns} from ${examples} e
    where e.datanet_id = ${datanetId} and e.status = ${input.status}
      ${input.contributor ? sql`and e.contributor = ${input.contributor}` : sql``}
      ${query ? sql`and to_tsvector('simple', e.data) @@ to_tsquery('simple', ${query})` : sql``}
      ${input.length ? lengthFilter(input.length) : sql``}
      ${input.after ? sql`and e.id > ${input.after}` : sql``}
    order by e.id limit ${input.limit + 1}`);
  const items = result.rows.slice(0, input.limit).map(toExampleRow);
  return { items, nextCursor: result.rows.length > input.limit ? (items.at(-1)?.id ?? null) : null };
}

/** All words must occur; the last one may be the beginning of a word, so that results come while typing. */
export function textQuery(text: string): string | null {
  const words = text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  return words.length === 0 ? null : `${words.map((word) => `'${word}'`).join(' & ')}:*`;
}

function lengthFilter(filter: string): SQL {
  const [, field, least, most] = /^(\w+):(\d+)-(\d+)$/.exec(filter)!; // the schema has checked the form
  return sql`and char_length(e.data ->> ${field}::text) between ${Number(least)} and ${Number(most)}`;
}
