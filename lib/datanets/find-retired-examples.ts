import { and, eq, sql } from 'drizzle-orm';
import { datanets, examples } from '#db/schema/datanets.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { registryIdOf } from './chain-facts.ts';
import { exampleLeaf } from './example-leaf.ts';
import { findSaltKey } from './find-salt-key.ts';

/**
 * Accepted rows of a Datanet that its registry holds as retired (DatanetRegistry.isRetired): they have a tombstone, or were
 * proven to be a copy and nobody answered in time. Such rows go into no further version. The events of the Datanet's own
 * registry id count alone, because anybody may retire the same leaf in a Datanet of their own. Costs one look-up while
 * there are none, else a pass over the accepted rows.
 */
export async function findRetiredExamples(deps: Pick<Deps, 'db' | 'now'>, datanetId: string): Promise<string[]> {
  const leaves = await findRetiredLeaves(deps, datanetId);
  if (leaves.size === 0) return [];
  const rows = await deps.db
    .select({
      id: examples.id,
      contributor: examples.contributor,
      contentHash: examples.contentHash,
      createdAt: examples.createdAt,
    })
    .from(examples)
    .where(and(eq(examples.datanetId, datanetId), eq(examples.status, 'accepted')));
  const secret = await findSaltKey(deps.db, datanetId);
  return rows.filter((row) => leavesOf(row, secret).some((leaf) => leaves.has(leaf))).map(({ id }) => id);
}

/** The leaf as versions have it, and as they had it before there were salts. */
function leavesOf(
  row: { contributor: string; contentHash: string; createdAt: Date },
  secret: `0x${string}` | null,
): string[] {
  const contributor = row.contributor as `0x${string}`;
  const contributedAtSeconds = Math.floor(row.createdAt.getTime() / 1000);
  const textHash = row.contentHash as `0x${string}`;
  const hashes = [...(secret ? [saltedHash(rowSalt(secret, textHash), textHash)] : []), textHash];
  return hashes.map((contentHash) => exampleLeaf({ contributor, contentHash, contributedAtSeconds }));
}

/** A proof stands until it is rebutted; a moved one moves the blame, not the time from which the row is void. */
async function findRetiredLeaves(deps: Pick<Deps, 'db' | 'now'>, datanetId: string): Promise<Set<string>> {
  const nowSeconds = Math.floor((await chainNow(deps)).getTime() / 1000);
  const found = await deps.db.execute<{ leaf: string }>(sql`
    with entry as (
      select ${registryIdOf(sql`d.meta_hash`, sql`d.owner`)} as id from ${datanets} d where d.id = ${datanetId}
    ), own as (
      select e.* from ${chainEvents} e where e.contract = 'datanetRegistry' and e.args ->> 'id' = (select id from entry)
        and e.name in ('RecordRetired', 'DuplicateProven', 'DuplicateRebutted')
    )
    select subject as leaf from own where name = 'RecordRetired'
    union
    select subject from own p where name = 'DuplicateProven' and (args ->> 'until')::bigint <= ${nowSeconds}
      and not exists (
        select 1 from own r where r.name = 'DuplicateRebutted' and r.subject = p.subject
          and (r.block_number, r.log_index) > (p.block_number, p.log_index))`);
  return new Set(found.rows.map(({ leaf }) => leaf));
}
