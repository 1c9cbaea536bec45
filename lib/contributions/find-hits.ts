import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { type ExampleRecord, exampleColumns } from './example-columns.ts';
import { queryOf } from './queries.ts';
import { estimateRows } from './word-rates.ts';

/** Words in more rows than this are met soon when one walks through the rows; those in fewer are looked up. */
const frequentRows = 5_000;
/** So many rows are walked through for a frequent word before it is looked up after all: it may stand in later rows only. */
const walkedRows = 20_000;

type Search = {
  /** What holds for the example `e` beside the words. */
  filters: SQL;
  words: readonly string[];
  limit: number;
};

/**
 * The first rows that have the words, in the order of their ids. Rare words cost their rows, by the index on `search`; frequent
 * ones the rows up to the last one found, by the index that the filters have. Left to itself PostgreSQL takes the one for the other: of a
 * million rows it read 654,000 to show the one that had a word (7 s; so: 2 ms).
 */
export async function findHits(
  deps: Pick<Deps, 'now'> & { db: DatabaseOrTransaction },
  search: Search,
): Promise<ExampleRecord[]> {
  if ((await estimateRows(deps, search.words)) < frequentRows) return lookUp(deps.db, search);
  const walked = await walk(deps.db, search);
  return walked.length === search.limit ? walked : lookUp(deps.db, search);
}

/** The hits come apart and before their order: else the rows are walked through to save a sort. Columns only of what is shown. */
async function lookUp(db: DatabaseOrTransaction, { filters, words, limit }: Search): Promise<ExampleRecord[]> {
  const { rows } = await db.execute<ExampleRecord>(sql`
    with hits as materialized (select e.id from ${examples} e where ${filters} and ${has(words)}),
      page as materialized (select id from hits order by id limit ${limit})
    select ${exampleColumns} from page join ${examples} e on e.id = page.id order by e.id`);
  return rows;
}

/** Columns are computed of the rows found alone, as they are met: no row is read twice. */
async function walk(db: DatabaseOrTransaction, { filters, words, limit }: Search): Promise<ExampleRecord[]> {
  const walked = sql`select * from ${examples} e where ${filters} order by e.id limit ${walkedRows}`;
  const { rows } = await db.execute<ExampleRecord>(
    sql`select ${exampleColumns} from (${walked}) e where ${has(words)} order by e.id limit ${limit}`,
  );
  return rows;
}

const has = (words: readonly string[]): SQL => sql`e.search @@ to_tsquery('simple', ${queryOf(words)})`;
