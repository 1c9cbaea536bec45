import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { isPublic } from '#lib/access/queries.ts';
import { type Asker, mayAsk } from '#lib/passes/queries.ts';

export type PlaygroundModelRow = {
  slug: string;
  name: string;
  summary: string;
  examplePrompts: string[];
  mayAsk: boolean;
};

/**
 * Live models, newest first, each with three questions of its Datanet version to start from: the first field of rows spread
 * over the version; none of a private one. `mayAsk`: the asker (null: a visitor) needs no pass for it, or has one. Cost: three index look-ups a model.
 */
export async function listPlaygroundModels(
  db: DatabaseOrTransaction,
  limit = 50,
  asker: Asker | null = null,
): Promise<PlaygroundModelRow[]> {
  const result = await db.execute<{
    slug: string;
    name: string;
    summary: string;
    prompts: string[] | null;
    may_ask: boolean;
  }>(sql`
    select m.slug, m.name, m.summary, ${mayAsk('m', asker)} as may_ask,
      (select array_agg(e.data ->> (d.fields -> 0 ->> 'name') order by ve.leaf_index)
       from version_examples ve join examples e on e.id = ve.example_id
       where ve.version_id = m.version_id and ${isPublic(sql`d.id`)} and ve.leaf_index in (0, v.row_count / 3, 2 * v.row_count / 3)) as prompts
    from models m
    join datanet_versions v on v.id = m.version_id
    join datanets d on d.id = v.datanet_id
    where exists (select 1 from chain_events c where c.name = 'VersionPublished' and c.subject = m.version_hash)
    order by m.created_at desc limit ${limit}`);
  return result.rows.map((row) => ({
    slug: row.slug,
    name: row.name,
    summary: row.summary,
    examplePrompts: row.prompts ?? [],
    mayAsk: row.may_ask,
  }));
}
