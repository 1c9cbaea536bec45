import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { RowsClosedError } from '#lib/access/errors.ts';
import type { Page } from '#lib/datanets/types.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { type ExampleRecord, exampleColumns, toExampleRow } from './example-columns.ts';
import { findHits } from './find-hits.ts';
import { findRowReader, isUndecided } from './find-row-reader.ts';
import { wordsOf } from './queries.ts';
import { readableRow } from './readable-row.ts';
import type { ListExamplesInput } from './schema.ts';
import type { ExampleRow } from './types.ts';

/**
 * A page of a Datanet's rows in the order of their ids (oldest first). Keyset on (datanet, status, id): the last page
 * costs what the first one costs. With a contributor it runs on (datanet, contributor, status, id). With words it
 * costs what `findHits` says; a length filter reads rows until the page is full. `npm run bench -- datanet-scale` measures it on a
 * million rows.
 *
 * Of a private Datanet, who may not read gets no page but that of their own rows. Rows that wait or were refused are listed for
 * everybody and shown to their authors and to who decides; for others no words and no length are looked for in them, because a hit
 * tells as much as the text.
 *
 * @throws {RowsClosedError}
 */
export async function listExamples(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  datanetId: string,
  input: ListExamplesInput,
): Promise<Page<ExampleRow>> {
  const reader = await findRowReader(deps, actor, datanetId);
  const { access } = reader;
  const own = reader.address !== null && input.contributor === reader.address;
  if (access.tier !== 'public' && !access.mayRead && !own) throw new RowsClosedError(access.tier);
  const words = wordsOf(input.q);
  const asksText = words.length > 0 || input.length !== undefined;
  const isClosed = asksText && isUndecided(input.status) && !reader.decides;
  const filters = sql`e.datanet_id = ${datanetId} and e.status = ${input.status}
    ${input.contributor ? sql`and e.contributor = ${input.contributor}` : sql``}
    ${input.length ? lengthFilter(input.length) : sql``}
    ${isClosed ? sql`and e.contributor = ${reader.address}` : sql``}
    ${input.after ? sql`and e.id > ${input.after}` : sql``}`;
  const limit = input.limit + 1;
  const found =
    words.length > 0 ? await findHits(deps, { filters, words, limit }) : await listInOrder(deps.db, filters, limit);
  const items = found.slice(0, input.limit).map((row) => readableRow(toExampleRow(row), reader));
  return { items, nextCursor: found.length > input.limit ? (items.at(-1)?.id ?? null) : null };
}

async function listInOrder(db: DatabaseOrTransaction, filters: SQL, limit: number): Promise<ExampleRecord[]> {
  const { rows } = await db.execute<ExampleRecord>(
    sql`select ${exampleColumns} from ${examples} e where ${filters} order by e.id limit ${limit}`,
  );
  return rows;
}

function lengthFilter(filter: string): SQL {
  const [, field, least, most] = /^(\w+):(\d+)-(\d+)$/.exec(filter)!; // the schema has checked the form
  return sql`and char_length(e.data ->> ${field}::text) between ${Number(least)} and ${Number(most)}`;
}
