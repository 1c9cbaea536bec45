import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples, versionExamples } from '#db/schema/datanets.ts';
import { adapterCopies } from '#db/schema/models.ts';
import { isPublic } from '#lib/access/queries.ts';
import { allRows, commonWords } from '#lib/contributions/queries.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';

/** `fields`: the columns of the row's own Datanet. */
export type FoundRow = { id: string; data: Record<string, string>; fields: { name: string }[] };

/** Rows that are looked up and compared with each other. */
const hitsMax = 2_000;
/** Words of a question that count, the rarest. */
const wordsMax = 12;
/**
 * Weight of one word in one row: BM25 with the usual k1 = 1.2 and b = 0.75 (Robertson and Zaragoza 2009). A word counts once
 * a row, however often it stands there, so that stuffing words has no gain. `rows` have the word, of `total`.
 */
const weight = sql`ln(1 + (greatest(total, rows) - rows + 0.5) / (rows + 0.5)) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * size))`;

/**
 * The rows of a version that a question's words point to, best first: BM25 over distinct words ('simple': no stemming), among
 * rows that still stand and copy no older row, so that a copy is never read and never paid. A row that shares no word with
 * the question but such that most rows have is not found, and neither is one
 * with less than a third of the best one's weight: every row read is paid for.
 *
 * Rows of a private Datanet are never found: a prompt that quotes them would hand them to whoever asks.
 *
 * Cost: by the index on `search`, in proportion to the rows that have the question's rarest words, at most 2,000 of them;
 * which words are rare, PostgreSQL's statistics tell. Of a million rows of 60 words: 5 to 70 ms, by how common the words are.
 * Languages written without spaces are split as the 'simple' parser does, which finds few words in them.
 */
export async function findRows(
  db: DatabaseOrTransaction,
  { adapterId, versionId, datanetId }: { adapterId: string; versionId: string; datanetId: string },
  question: string,
  limit: number,
): Promise<FoundRow[]> {
  const words = await wordsOf(db, question);
  const lookedUp = selective(words);
  if (lookedUp === null) return [];
  const parts = await listMixParts(db, versionId);
  const datanetIds = parts.length > 0 ? parts.map(({ datanet }) => datanet.id) : [datanetId];
  const found = await db.execute<FoundRow>(sql`
    with words as (
      select word::tsquery, rate from unnest(${sql.param(words.map(({ query }) => query))}::text[],
        ${sql.param(words.map(({ rate }) => rate))}::float8[]) as given(word, rate)),
    hits as materialized (
      select id, search from ${examples}
      where search @@ ${lookedUp}::tsquery and datanet_id = any(${sql.param(datanetIds)}::text[]) and ${isPublic(sql`datanet_id`)} and status = 'accepted' limit ${hitsMax}),
    candidates as materialized (
      select id, search, (length(search) / avg(length(search)) over ())::float8 as size from hits h
      where exists (select 1 from ${versionExamples} v where v.version_id = ${versionId} and v.example_id = h.id)
        and not exists (select 1 from ${adapterCopies} c where c.adapter_id = ${adapterId} and c.example_id = h.id)),
    matches as materialized (
      select c.id, c.size, word, greatest(count(*) over (partition by word), rate * n.total) as rows, n.total
      from candidates c join words on c.search @@ word, ${versionSize(versionId)} n),
    best as (
      select id, sum(${weight}) as score from matches group by id
      having bool_or(rows <= greatest(1, total / 2.0)) order by score desc, id limit ${limit})
    select e.id, e.data, d.fields from best join ${examples} e on e.id = best.id join ${datanets} d on d.id = e.datanet_id
    where best.score * 3 >= (select max(score) from best) order by best.score desc, best.id`);
  return found.rows;
}

/** `query`: the word as a tsquery. `rate`: the part of all rows that have it; 0 for a word so rare that nobody counted. */
type Word = { query: string; rate: number; total: number };

const versionSize = (versionId: string) =>
  sql`(select row_count as total from datanet_versions where id = ${versionId})`;

/** Distinct words of a question, the rarest first, with what the last ANALYZE knows of how common they are. */
async function wordsOf(db: DatabaseOrTransaction, question: string): Promise<Word[]> {
  const { rows } = await db.execute<{ word: string; rate: number; total: number }>(sql`
    with common as (${commonWords})
    select asked.lexeme as word, coalesce(common.rate, 0)::float8 as rate,
      ${allRows} as total
    from unnest(to_tsvector('simple', ${question.slice(0, 4000)})) asked left join common on common.word = asked.lexeme
    order by rate, length(asked.lexeme) desc, word limit ${wordsMax}`);
  return rows.map(({ word, ...counts }) => ({
    query: `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
    ...counts,
  }));
}

/**
 * Which rows to look up, as a query: those that have one of the rarest words, as long as they are few together, and those
 * that have several of the other words at once. Null when the question says too little to choose rows by.
 */
function selective(words: Word[]): string | null {
  const rare: string[] = [];
  let rows = 0;
  for (const { query, rate, total } of words) {
    rows += rate * total;
    if (rows <= hitsMax) rare.push(query);
  }
  const together: string[] = [];
  let expected = words[0]?.total ?? 0;
  for (const { query, rate } of words.slice(rare.length)) {
    together.push(query);
    expected *= rate; // as if words did not know of each other
    if (expected <= hitsMax) return [...rare, `(${together.join(' & ')})`].join(' | ');
  }
  return rare.length > 0 ? rare.join(' | ') : null;
}
