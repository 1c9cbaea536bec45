import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { fineTuningJobs } from '#db/schema/fine-tuning.ts';
import { inferences, models, receipts } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { SearchHit } from './types.ts';

const perKind = 5;

/** Datanets, models, receipts and addresses that match what somebody typed; a few of each kind, best first. */
export async function searchEverything(db: DatabaseOrTransaction, query: string): Promise<SearchHit[]> {
  const text = query.trim().toLowerCase();
  const hex = /^0x[0-9a-f]{2,64}$/.test(text);
  const [named, addresses, receiptHits] = await Promise.all([
    hex ? [] : searchNames(db, text),
    hex && text.length <= 42 ? searchAddresses(db, text) : [],
    /^(rcp|inf)_[0-9a-z]*$/.test(text) || (hex && text.length === 66) ? searchReceipts(db, text) : [],
  ]);
  return [...named, ...receiptHits, ...addresses];
}

async function searchNames(db: DatabaseOrTransaction, text: string): Promise<SearchHit[]> {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const result = await db.execute<{ kind: 'Datanet' | 'Model'; title: string; note: string; href: string }>(sql`
    (select 'Datanet' as kind, title, domain as note, '/datanets/' || slug as href from ${datanets}
      where title ilike ${pattern} or slug ilike ${pattern} or domain ilike ${pattern} or id = ${text}
      order by position(${text} in lower(title)) = 0, title limit ${perKind})
    union all
    (select 'Model', name, slug, '/models/' || slug from ${models}
      where (name ilike ${pattern} or slug ilike ${pattern} or summary ilike ${pattern} or id = ${text})
        and (not exists (select 1 from ${fineTuningJobs} j where j.model_id = ${models.id}) or exists (
          select 1 from ${chainEvents} e where e.name = 'VersionPublished' and e.subject = ${models.versionHash}))
      order by position(${text} in lower(name)) = 0, name limit ${perKind})`);
  return result.rows;
}

async function searchReceipts(db: DatabaseOrTransaction, text: string): Promise<SearchHit[]> {
  const id = text.replace(/^inf_/, 'rcp_');
  const result = await db.execute<{ id: string; name: string }>(sql`
    select r.id, m.name from ${receipts} r join ${models} m on m.id = r.model_id
    where ${text.startsWith('0x') ? sql`r.hash = ${text}` : sql`r.id >= ${id} and r.id < ${`${id}~`} collate "C"`}
    order by r.id desc limit ${perKind}`);
  return result.rows.map((row) => ({
    kind: 'Receipt',
    title: row.id,
    note: row.name,
    href: `/receipts/${row.id}`,
  }));
}

/** Accounts that contributed, own something, or paid. A full address is always a hit: its page says if nothing is known. */
async function searchAddresses(db: DatabaseOrTransaction, text: string): Promise<SearchHit[]> {
  const pattern = `${text}%`;
  const result = await db.execute<{ address: string }>(sql`
    select distinct address from (
      (select contributor as address from ${examples} where contributor like ${pattern} limit 200)
      union all (select owner from ${datanets} where owner like ${pattern} limit 200)
      union all (select owner from ${models} where owner like ${pattern} limit 200)
      union all (select payer from ${inferences} where payer like ${pattern} limit 200)
    ) known order by address limit ${perKind}`);
  const found = result.rows.map((row) => row.address);
  if (text.length === 42 && !found.includes(text)) found.push(text);
  return found.map((address) => ({
    kind: 'Address',
    title: `${address.slice(0, 10)}…${address.slice(-6)}`,
    note: 'activity',
    href: `/explorer?kind=answers&account=${address}`,
  }));
}
