import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { type ExampleRecord, exampleColumns } from './example-columns.ts';

/** Words in more rows than this are met soon when one walks through the rows; those in fewer are looked up. */
const frequentRows = 5_000;
/** So many rows are walked through for a frequent word before it is looked up after all: it may stand in later rows only. */
const walkedRows = 20_000;

type Search = {
  /** What holds for the example `e` beside the words. */
  filters: SQL;
  /** As `textQuery` gives it. */
  words: string;
  limit: number;
};

/**
 * The first rows that have the words, in the order of their ids. Rare words cost their rows, by the index on `search`; frequent
 * ones the rows up to the last one found, by the index that the filters have. Left to itself PostgreSQL takes the one for the other: of a
 * million rows it read 654,000 to show the one that had a word (7 s; so: 2 ms).
 */
export async function findHits(db: DatabaseOrTransaction, search: Search): Promise<ExampleRecord[]> {
  if ((await estimateRows(db, search)) < frequentRows) return lookUp(db, search);
  const walked = await walk(db, search);
  return walked.length === search.limit ? walked : lookUp(db, search);
}

/** How many rows the planner believes to have the words: its statistics know the frequent ones. Reads no row. */
async function estimateRows(db: DatabaseOrTransaction, { filters, words }: Search): Promise<number> {
  const { rows } = await db.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    sql`explain (format json) select 1 from ${examples} e where ${filters} and ${has(words)}`,
  );
  return rows[0]!['QUERY PLAN'][0].Plan['Plan Rows'];
}

/** The hits come apart and before their order: else the rows are walked through to save a sort. */
const lookUp = (db: DatabaseOrTransaction, search: Search): Promise<ExampleRecord[]> =>
  select(
    db,
    sql`
    hits as materialized (select e.id from ${examples} e where ${search.filters} and ${has(search.words)}),
    page as materialized (select id from hits order by id limit ${search.limit})`,
  );

const walk = (db: DatabaseOrTransaction, search: Search): Promise<ExampleRecord[]> =>
  select(
    db,
    sql`
    walked as (select e.id, e.search from ${examples} e where ${search.filters} order by e.id limit ${walkedRows}),
    page as materialized (select e.id from walked e where ${has(search.words)} order by e.id limit ${search.limit})`,
  );

/** `page` has the ids of what is shown: only of these the columns are computed. */
async function select(db: DatabaseOrTransaction, page: SQL): Promise<ExampleRecord[]> {
  const { rows } = await db.execute<ExampleRecord>(sql`
    with ${page} select ${exampleColumns} from page join ${examples} e on e.id = page.id order by e.id`);
  return rows;
}

const has = (words: string): SQL => sql`e.search @@ to_tsquery('simple', ${words})`;
