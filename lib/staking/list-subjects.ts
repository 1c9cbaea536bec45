import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets } from '#db/schema/datanets.ts';
import { models } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { type PoolKind, poolOf } from '#lib/kernel/pool-of.ts';
import { parsePool } from './rules.ts';
import type { PoolSubject } from './types.ts';

const listMax = 500;

/**
 * What can be staked upon: the Datanets, models and validators that the chain knows, and every pool that somebody has used, also for
 * subjects of other installations, which have a number only. At most 500 of each. Cost: one pass over their events.
 */
export async function listPoolSubjects(db: DatabaseOrTransaction): Promise<PoolSubject[]> {
  // The earliest registration by the owner counts: anybody may register a copied hash again (lib/datanets/chain-facts.ts).
  const registered = await db.execute<{ id: string; slug: string; name: string }>(sql`
    select distinct on (d.id) e.args ->> 'id' as id, d.slug, d.title as name
    from ${datanets} d join ${chainEvents} e on e.contract = 'datanetRegistry' and e.name = 'DatanetCreated'
      and e.subject = d.meta_hash and e.args ->> 'owner' = d.owner
    order by d.id, e.block_number, e.log_index limit ${listMax}`);
  const published = await db.execute<{ id: string; slug: string; name: string }>(sql`
    select distinct on (m.id) e.args ->> 'id' as id, m.slug, m.name
    from ${models} m join ${chainEvents} e on e.contract = 'modelRegistry' and e.name = 'VersionPublished'
      and e.subject = m.version_hash
    order by m.id, e.block_number, e.log_index limit ${listMax}`);
  const used = await db.execute<{ pool: string }>(sql`
    select distinct e.subject as pool from ${chainEvents} e
    where e.contract = 'stakePools' and e.name in ('Staked', 'Rewarded') limit ${listMax}`);
  const validators = await db.execute<{ validator: string }>(sql`
    select distinct e.args ->> 'validator' as validator from ${chainEvents} e
    where e.contract = 'validatorSet' and e.name = 'ValidatorRegistered' limit ${listMax}`);
  const subjects = new Map<string, PoolSubject>();
  const add = (kind: PoolKind, id: string, name: string, href: string | null) => {
    const pool = poolOf(kind, id);
    if (!subjects.has(pool)) subjects.set(pool, { pool, kind, id, name, href });
  };
  for (const row of registered.rows) add('datanet', row.id, row.name, `/datanets/${row.slug}`);
  for (const row of published.rows) add('model', row.id, row.name, `/models/${row.slug}`);
  for (const { validator } of validators.rows) add('validator', validator, nameOf('validator', validator), null);
  for (const { pool } of used.rows) {
    const named = parsePool(pool);
    if (named) add(named.kind, named.id, nameOf(named.kind, named.id), null);
  }
  return [...subjects.values()];
}

/** What a subject is called that this installation has no page of. */
export function nameOf(kind: PoolKind, id: string): string {
  return kind === 'validator'
    ? `Validator ${id.slice(0, 6)}…${id.slice(-4)}`
    : `${kind === 'datanet' ? 'Datanet' : 'Model'} ${id}`;
}
