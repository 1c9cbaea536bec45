import { and, asc, eq, sql } from 'drizzle-orm';
import { chainEvents } from '#db/schema/settlement.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { type BountyRecord, bountyColumns, toBounty } from './bounty-columns.ts';
import { BountyNotFoundError } from './errors.ts';
import { foldEvents } from './fold-events.ts';
import type { BountyDetail } from './types.ts';

/** One bounty with who gave, every award, every objection with its reason, and what was paid. For everybody. Throws BountyNotFoundError. */
export async function getBounty(deps: Pick<Deps, 'db' | 'now'>, id: string): Promise<BountyDetail> {
  const { rows } = await deps.db.execute<BountyRecord>(sql`select ${bountyColumns} where g.id = ${id}`);
  if (!rows[0]) throw new BountyNotFoundError();
  const bounty = toBounty(rows[0], await chainNow(deps));
  if (!bounty.onChain) return { ...bounty, sponsors: [], awards: [] };
  const events = await deps.db
    .select({ name: chainEvents.name, args: chainEvents.args })
    .from(chainEvents)
    .where(and(eq(chainEvents.contract, 'bounties'), eq(chainEvents.subject, bounty.onChain.number)))
    .orderBy(asc(chainEvents.blockNumber), asc(chainEvents.logIndex));
  return { ...bounty, ...foldEvents(events) };
}
