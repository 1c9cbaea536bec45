import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { isPublic } from '#lib/access/queries.ts';
import { type Asker, mayAsk } from '#lib/passes/queries.ts';
import { chosenModels } from '../chosen-models.ts';
import type { RankedModel } from '../types.ts';

/** Words of a question that count, and rows that are looked up for each. */
const wordsMax = 12;
const hitsMax = 5_000;
const modelsMax = 200;

type Row = { slug: string; name: string; datanet: string; words: { word: string; rows: number }[]; score: number };

/**
 * Live models whose Datanets speak of what a question asks, best first, with the words and the rows that say so. A word weighs the more
 * the fewer Datanets have it, and the more rows of the Datanet have it; a word that every Datanet has weighs nothing. Where all models
 * learnt from one Datanet, a word weighs the more the fewer of its rows have it, and one that all have weighs nothing. No model at all is an answer too: then no Datanet has a telling word of the question.
 *
 * Cost: one look-up a word in the rows' index, of at most 5,000 rows each. Private Datanets are not looked into, and models that the asker (null: a
 * visitor) would need a pass for are left out.
 */
export async function rankModels(
  db: DatabaseOrTransaction,
  question: string,
  { limit = 5, asker = null }: { limit?: number; asker?: Asker | null } = {},
): Promise<RankedModel[]> {
  const { rows } = await db.execute<Row>(sql`
    with words as materialized (
      select lexeme as word, quote_literal(lexeme)::tsquery as query from unnest(to_tsvector('simple', ${question.slice(0, 4_000)}))
      -- Shorter words of Latin letters are articles; other scripts say much in two signs.
      where length(lexeme) > 2 or lexeme ~ '[^ -~]'
      order by length(lexeme) desc, lexeme limit ${wordsMax}),
    found as materialized (
      select w.word, h.datanet_id, count(*)::int as rows from words w cross join lateral (
        select e.datanet_id from ${examples} e where e.search @@ w.query and e.status = 'accepted' limit ${hitsMax}) h
      where ${isPublic(sql`h.datanet_id`)} group by w.word, h.datanet_id),
    live as materialized (
      select f.slug, m.name, v.datanet_id, v.row_count, d.title as datanet
      from ${chosenModels} join datanet_versions v on v.id = m.version_id join datanets d on d.id = v.datanet_id
      where exists (select 1 from chain_events c where c.name = 'VersionPublished' and c.subject = m.version_hash)
        and ${mayAsk('m', asker)}
      order by m.created_at desc limit ${modelsMax}),
    telling as (
      select f.*, case when (select count(distinct datanet_id) from live) > 1
        then ln((select count(distinct datanet_id) from live)::numeric / n.having_it)
        else ln(greatest(1, (select max(row_count) from live)::numeric / f.rows)) end as weight
      from found f join (
        select word, count(*) as having_it from found where datanet_id in (select datanet_id from live) group by word) n using (word)
      where f.datanet_id in (select datanet_id from live))
    select l.slug, l.name, l.datanet, sum(t.weight * ln(1 + t.rows))::float8 as score,
      json_agg(json_build_object('word', t.word, 'rows', t.rows) order by t.weight * ln(1 + t.rows) desc, t.word) as words
    from live l join telling t on t.datanet_id = l.datanet_id and t.weight > 0
    group by l.slug, l.name, l.datanet, l.row_count order by score desc, l.row_count desc, l.slug limit ${limit}`);
  return rows.map(({ score, ...model }) => ({ ...model, part: score / (rows[0]?.score ?? score) }));
}
