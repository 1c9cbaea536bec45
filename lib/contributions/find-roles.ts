import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { exampleAuthors } from '#db/schema/handles.ts';
import { exampleDerivations, type ImprovementRole } from '#db/schema/lineage.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';

type Generation = {
  row_id: string;
  contributor: `0x${string}`;
  others: `0x${string}`[];
  role: ImprovementRole | null;
  reported_by: `0x${string}` | null;
  reviewer: `0x${string}` | null;
};

/**
 * Who did what for these rows, oldest act first: the collector of the oldest ancestor, then for each improvement who reported
 * the fault (if somebody did), who mended it, and after every step the curator who let it in. Nothing of it is stored twice:
 * rows name contributor, further authors and curator, derivations name the parent. A known row has at least one act; ids that are no rows are
 * left out. What it says about an accepted row never changes.
 *
 * Cost: a few index look-ups for each row and ancestor.
 */
export async function findRoles(
  db: DatabaseOrTransaction,
  exampleIds: readonly string[],
): Promise<Map<string, LineageAct[]>> {
  if (exampleIds.length === 0) return new Map();
  const result = await db.execute<Generation>(sql`
    with recursive line as (
      select e.id as row_id, 0 as depth, ${generation}, d.parent_id
      from ${examples} e left join ${exampleDerivations} d on d.example_id = e.id
      where e.id = any(${sql.param([...exampleIds])}::text[])
      union all
      select l.row_id, l.depth + 1, ${generation}, d.parent_id
      from line l join ${examples} e on e.id = l.parent_id left join ${exampleDerivations} d on d.example_id = e.id
    )
    select row_id, contributor, others, role, reported_by, reviewer from line order by row_id, depth desc`);
  const lineages = new Map<string, LineageAct[]>();
  for (const row of result.rows) {
    const acts = lineages.get(row.row_id) ?? [];
    if (row.reported_by) acts.push({ role: 'feedback', account: row.reported_by });
    for (const account of [row.contributor, ...row.others]) acts.push({ role: row.role ?? 'collect', account });
    if (row.reviewer) acts.push({ role: 'review', account: row.reviewer });
    lineages.set(row.row_id, acts);
  }
  return lineages;
}

/** What `findRoles` says of an accepted row that one person sent and nobody improved: no look-up needed. */
export function rolesOfCollected(contributor: string, reviewedBy: string | null): LineageAct[] {
  const collect: LineageAct = { role: 'collect', account: contributor as `0x${string}` };
  return reviewedBy ? [collect, { role: 'review', account: reviewedBy as `0x${string}` }] : [collect];
}

/** Of an example `e` with its derivation `d`. Who rejected a row has no part in it. */
const generation = sql`e.contributor,
  array(select a.account::text from ${exampleAuthors} a where a.example_id = e.id order by a.position) as others,
  d.role, d.reported_by,
  case when e.status <> 'rejected' then e.reviewed_by end as reviewer`;
