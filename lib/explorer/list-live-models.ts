import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { models } from '#db/schema/models.ts';
import { chainBlocks, chainEvents } from '#db/schema/settlement.ts';
import type { LiveModelRow } from './types.ts';

/** Models whose version the chain has published, newest first; at most 200. */
export async function listLiveModels(db: DatabaseOrTransaction): Promise<LiveModelRow[]> {
  const result = await db.execute<{
    slug: string;
    name: string;
    owner: `0x${string}`;
    tx_hash: `0x${string}`;
    timestamp: string | null;
  }>(sql`
    select m.slug, m.name, m.owner, p.tx_hash, b.timestamp
    from ${models} m
    join lateral (select e.tx_hash, e.block_number from ${chainEvents} e
      where e.name = 'VersionPublished' and e.subject = m.version_hash
      order by e.block_number, e.log_index limit 1) p on true
    left join ${chainBlocks} b on b.number = p.block_number
    order by m.created_at desc, m.slug limit 200`);
  return result.rows.map((row) => ({
    slug: row.slug,
    name: row.name,
    owner: row.owner,
    txHash: row.tx_hash,
    publishedAt: row.timestamp === null ? null : new Date(Number(row.timestamp) * 1000),
  }));
}
