import { sql } from 'drizzle-orm';
import type { Page } from '#lib/datanets/types.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { type BountyRecord, bountyColumns, toBounty } from './bounty-columns.ts';
import type { ListBountiesInput } from './schema.ts';
import type { BountySummary } from './types.ts';

const pageSize = 30;

/** A page of bounties, newest first. For everybody. */
export async function listBounties(
  deps: Pick<Deps, 'db' | 'now'>,
  input: ListBountiesInput,
): Promise<Page<BountySummary>> {
  const now = await chainNow(deps);
  const after = input.after ?? null;
  const { rows } = await deps.db.execute<BountyRecord>(sql`
    select ${bountyColumns}
    where (${input.datanet ?? null}::text is null or d.slug = ${input.datanet ?? null} or d.id = ${input.datanet ?? null})
      and (${input.kind ?? null}::text is null or g.kind = ${input.kind ?? null})
      and (${after}::text is null or g.id < ${after})
    order by g.id desc limit ${pageSize + 1}`);
  const items = rows.slice(0, pageSize).map((row) => toBounty(row, now));
  return { items, nextCursor: rows.length > pageSize ? items.at(-1)!.id : null };
}
