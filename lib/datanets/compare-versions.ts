import { type SQL, sql } from 'drizzle-orm';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { findReadAccess } from '#lib/access/get-read-access.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getVersion } from './list-versions.ts';
import type { VersionChange, VersionComparison } from './types.ts';

type Input = { slug: string; from: number; to: number; after?: string | undefined; limit: number };
type Record = { id: string; kind: VersionChange['kind'] } & Pick<VersionChange, 'contributor' | 'data' | 'before'>;

/**
 * What one version has that another has not, row by row, in the order of the rows' ids. A row whose cleaned or corrected version took
 * its place is one change, not two. Texts of a private Datanet are null for who may not read them. Cost: a merge over both versions' indexes for the counts, and for a page as far as it reaches.
 *
 * @throws {VersionNotFoundError}
 */
export async function compareVersions(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: Input,
): Promise<VersionComparison> {
  const { db } = deps;
  const [from, to] = await Promise.all([getVersion(db, input.slug, input.from), getVersion(db, input.slug, input.to)]);
  const { mayRead } = await findReadAccess(deps, actor, to.datanetId);
  const changes = changesOf(from.id, to.id);
  const counted = await db.execute<{ kind: VersionChange['kind']; count: string }>(
    sql`select kind, count(*) as count from (${changes}) c group by kind`,
  );
  const count = (kind: VersionChange['kind']) => Number(counted.rows.find((row) => row.kind === kind)?.count ?? 0);
  const page = await db.execute<Record>(sql`
    select c.id, c.kind, e.contributor, ${textOf(sql`e`)} as data, ${textOf(sql`p`)} as before
    from (${changes}) c join ${examples} e on e.id = c.id left join ${examples} p on p.id = c.parent_id
    ${input.after ? sql`where c.id > ${input.after}` : sql``}
    order by c.id limit ${input.limit + 1}`);
  const items = page.rows.slice(0, input.limit).map(({ id, ...change }) => ({
    ...{ exampleId: id, ...change },
    ...(!mayRead && { data: null, before: null }),
  }));
  return {
    ...{ from, to, items },
    counts: { added: count('added'), removed: count('removed'), changed: count('changed') },
    nextCursor: page.rows.length > input.limit ? (items.at(-1)?.exampleId ?? null) : null,
  };
}

/** `parent_id` is the row of the older version that a changed row replaces. */
function changesOf(from: string, to: string): SQL {
  const isIn = (version: string, example: SQL) =>
    sql`exists (select 1 from ${versionExamples} y where y.version_id = ${version} and y.example_id = ${example})`;
  // A translation stands beside its original and replaces nothing.
  const replaces = sql`o.role in ('clean', 'label')`;
  return sql`
    select x.example_id as id, o.parent_id, case when o.parent_id is null then 'added' else 'changed' end as kind
    from ${versionExamples} x
    left join ${exampleDerivations} o on o.example_id = x.example_id and ${replaces}
      and ${isIn(from, sql`o.parent_id`)} and not ${isIn(to, sql`o.parent_id`)}
    where x.version_id = ${to} and not ${isIn(from, sql`x.example_id`)}
    union all
    select x.example_id as id, null as parent_id, 'removed' as kind
    from ${versionExamples} x
    where x.version_id = ${from} and not ${isIn(to, sql`x.example_id`)} and not exists (
      select 1 from ${exampleDerivations} o where o.parent_id = x.example_id and ${replaces}
        and ${isIn(to, sql`o.example_id`)} and not ${isIn(from, sql`o.example_id`)})`;
}

const textOf = (example: SQL): SQL => sql`case when ${example}.status <> 'withdrawn' then ${example}.data end`;
