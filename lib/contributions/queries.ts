import { type SQL, sql } from 'drizzle-orm';

/** The words of a text that rows are searched for. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** For `to_tsquery`: all words must occur; the last one may be the beginning of a word, so that results come while typing. */
export function textQuery(text: string): string | null {
  const words = wordsOf(text);
  return words.length === 0 ? null : queryOf(words);
}

/** The same of words, of which there is at least one. */
export const queryOf = (words: readonly string[]): string => `${words.map((word) => `'${word}'`).join(' & ')}:*`;

/** The most common words of rows and the part of all rows that have each, as the last ANALYZE found them: some thousand. */
export const commonWords: SQL = sql`
  select unnest(most_common_elems::text::text[]) as word, unnest(most_common_elem_freqs) as rate
  from pg_stats where schemaname = current_schema() and tablename = 'examples' and attname = 'search'`;
/** How many rows there were then, of all Datanets. */
export const allRows: SQL = sql`(select greatest(reltuples, 0) from pg_class where oid = 'examples'::regclass)::float8`;
