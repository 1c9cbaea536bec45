import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetAccess } from '#db/schema/access.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { mixes } from '#db/schema/mixes.ts';
import { models } from '#db/schema/models.ts';
import type { ListDatanetsInput } from './schema.ts';
import { type DatanetFacet, type DatanetFacets, datanetFacets, trainingFileDomain } from './types.ts';

const acceptedRows = sql`(select coalesce(sum(c.rows), 0) from ${exampleCounts} c
  where c.datanet_id = d.id and c.status = 'accepted')`;

/** What a facet says of a Datanet `d`. Rows are their kept counts. */
const facetValues: Record<DatanetFacet, SQL> = {
  domain: sql`d.domain`,
  language: sql`d.language`,
  license: sql`d.license`,
  access: sql`coalesce((select t.tier from ${datanetAccess} t where t.datanet_id = d.id), 'public')`,
  size: sql`case width_bucket(${acceptedRows}, array[1, 100, 10000, 1000000]::numeric[])
    when 0 then 'empty' when 1 then 'to-100' when 2 then 'to-10k' when 3 then 'to-1m' else 'over-1m' end`,
  state: sql`case
    when exists (select 1 from ${models} m join ${datanetVersions} v on v.id = m.version_id where v.datanet_id = d.id) then 'trained'
    when exists (select 1 from ${datanetVersions} v where v.datanet_id = d.id) then 'frozen'
    else 'growing' end`,
};

/**
 * Conditions on a Datanet `d` from the list's filters, joined by `and`: words of the card, and the chosen value of each facet.
 * Files that were sent to train on are not listed: nobody else can read, better or use them. Nor are mixes, which take no rows.
 */
export function datanetConditions(input: Pick<ListDatanetsInput, 'q' | DatanetFacet>): SQL {
  const words = input.q.split(/\s+/).filter((word) => word !== '');
  return sql.join(
    [
      sql`d.domain <> ${trainingFileDomain}`,
      sql`not exists (select 1 from ${mixes} x where x.datanet_id = d.id)`,
      ...words.map(mentions),
      ...chosen(input).map(([, condition]) => condition),
    ],
    sql` and `,
  );
}

/**
 * How many Datanets have each value of each facet, among those that fit the words and all *other* facets, so that a value says
 * what choosing it would give. One pass over the Datanets that fit the words; no row of theirs is read.
 */
export async function countDatanetFacets(
  db: DatabaseOrTransaction,
  input: Pick<ListDatanetsInput, 'q' | DatanetFacet>,
): Promise<DatanetFacets> {
  const names = Object.keys(facetValues) as DatanetFacet[];
  const conditions = chosen(input);
  const values = names.map((name) => {
    const others = conditions.flatMap(([facet, condition]) => (facet === name ? [] : [condition]));
    return sql`(${name}, ${facetValues[name]}, ${sql.join([sql`true`, ...others], sql` and `)})`;
  });
  const { rows } = await db.execute<{ facet: DatanetFacet; value: string; count: number }>(sql`
    select facet, value, count(*)::int as count
    from ${datanets} d, lateral (values ${sql.join(values, sql`, `)}) f (facet, value, fits)
    where ${datanetConditions({ q: input.q })} and fits
    group by facet, value order by count(*) desc, value`);
  const byFacet = Map.groupBy(rows, ({ facet }) => facet);
  const counted = names.map((name) => [name, (byFacet.get(name) ?? []).map(({ value, count }) => ({ value, count }))]);
  return Object.fromEntries(counted) as DatanetFacets;
}

function chosen(input: Partial<Record<DatanetFacet, string | undefined>>): [DatanetFacet, SQL][] {
  return datanetFacets.flatMap((name) => {
    const value = input[name];
    return value === undefined ? [] : [[name, sql`${facetValues[name]} = ${value}`] as [DatanetFacet, SQL]];
  });
}

/** Each word must occur somewhere in the card; few Datanets, so no index. */
function mentions(word: string): SQL {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(d.title || ' ' || d.summary || ' ' || d.slug || ' ' || d.domain || ' ' || d.language) ilike ${pattern}`;
}
