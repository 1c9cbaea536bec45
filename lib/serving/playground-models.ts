import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPayers } from '#db/schema/model-payers.ts';
import { isPublic } from '#lib/access/queries.ts';
import { type Asker, mayAsk } from '#lib/passes/queries.ts';
import { chosenModels } from './chosen-models.ts';

export type PlaygroundModelRow = {
  slug: string;
  name: string;
  summary: string;
  examplePrompts: string[];
  mayAsk: boolean;
};

/** Accounts other than the owner that paid the model `f` within 30 days. */
const payersOf = sql`(select count(*) from ${modelPayers} p
  where p.family_id = f.id and p.last_paid_at > now() - interval '30 days' and p.payer <> m.owner)`;

/**
 * Live models by their names, those with the most payers in the last 30 days first (their owners do not count), then the newest. What stands
 * for a name is the version that answers for it. Each has three questions of its Datanet version to start from: the first field of rows spread
 * over the version; none of a private one. `mayAsk`: the asker (null: a visitor) needs no pass for it, or has one. Cost: four index look-ups a model.
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
    select f.slug, m.name, m.summary, ${mayAsk('m', asker)} as may_ask,
      (select array_agg(e.data ->> (d.fields -> 0 ->> 'name') order by ve.leaf_index)
       from version_examples ve join examples e on e.id = ve.example_id
       where ve.version_id = m.version_id and ${isPublic(sql`d.id`)} and ve.leaf_index in (0, v.row_count / 3, 2 * v.row_count / 3)) as prompts
    from ${chosenModels}
    join datanet_versions v on v.id = m.version_id
    join datanets d on d.id = v.datanet_id
    where exists (select 1 from chain_events c where c.name = 'VersionPublished' and c.subject = m.version_hash)
    order by ${payersOf} desc, m.created_at desc limit ${limit}`);
  return result.rows.map((row) => ({
    slug: row.slug,
    name: row.name,
    summary: row.summary,
    examplePrompts: row.prompts ?? [],
    mayAsk: row.may_ask,
  }));
}
