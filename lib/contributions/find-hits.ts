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

/** `offset 0` keeps the hits apart from their order: else the rows are walked through to save a sort. */
const lookUp = (db: DatabaseOrTransaction, search: Search): Promise<ExampleRecord[]> =>
  select(db, sql`select * from ${examples} e where ${search.filters} and ${has(search.words)} offset 0`, search.limit);

const walk = (db: DatabaseOrTransaction, { filters, words, limit }: Search): Promise<ExampleRecord[]> =>
  select(
    db,
    sql`select * from (select * from ${examples} e where ${filters} order by e.id limit ${walkedRows}) e where ${has(words)}`,
    limit,
  );

/** Columns are computed of what is shown alone, after the sort; no row is read twice. */
async function select(db: DatabaseOrTransaction, hits: SQL, limit: number): Promise<ExampleRecord[]> {
  const { rows } = await db.execute<ExampleRecord>(
    sql`select ${exampleColumns} from (${hits}) e order by e.id limit ${limit}`,
  );
  return rows;
}

const has = (words: readonly string[]): SQL => sql`e.search @@ to_tsquery('simple', ${queryOf(words)})`;
