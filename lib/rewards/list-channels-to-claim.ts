import { sql } from 'drizzle-orm';
import { type Hex, parseEther } from 'viem';
import { chainBlocks, chainEvents, channels } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** More than this is not left to a channel for longer than a sweep. */
const exposureMaxWei = parseEther('100');
const dayMs = 86_400_000;
const atOnce = 1_000;

/** A channel that owes us, and up to where: what its answers were charged, as far as its deposit goes. */
export type ChannelToClaim = { id: Hex; totalWei: bigint };

/**
 * Channels whose vouchers should be claimed now, not with the next reward period: the payer asked to withdraw (what is not
 * claimed when the delay ends is lost), or it owes more than 100 OPEN, or nothing was claimed of it for a day. A settlement
 * that a dispute holds up cannot hold this up. By the index; a few look-ups for each channel that was ever charged.
 */
export async function listChannelsToClaim(
  deps: Pick<Deps, 'db' | 'now'>,
  { exposureWei = exposureMaxWei }: { exposureWei?: bigint } = {},
): Promise<ChannelToClaim[]> {
  const dayAgo = Math.floor((deps.now().getTime() - dayMs) / 1000);
  const newest = (names: readonly string[], value: ReturnType<typeof sql>) => sql`(
    select ${value} from ${chainEvents} e
    where e.contract = 'inferenceChannels' and e.subject = c.id and e.name in ${names}
    order by e.block_number desc, e.log_index desc limit 1)`;
  const isRequest = sql`e.name = 'WithdrawRequested' and e.args ->> 'amount' <> '0'`;
  const blockTime = sql`(select b.timestamp from ${chainBlocks} b where b.number = e.block_number)`;
  const { rows } = await deps.db.execute<{ id: Hex; total: string }>(sql`
    select id, total from (
      select c.id, least(c.charged_wei, ${newest(['Deposited', 'Withdrawn', 'Refunded'], sql`(e.args ->> 'balance')::numeric`)}) as total,
        coalesce(${newest(['Claimed'], sql`(e.args ->> 'claimed')::numeric`)}, 0) as claimed,
        coalesce(${newest(['WithdrawRequested', 'Withdrawn'], isRequest)}, false) as leaving,
        ${newest(['Opened', 'Claimed'], blockTime)} as since
      from ${channels} c where c.charged_wei > 0
    ) owing
    where total > claimed and (leaving or total - claimed >= ${exposureWei.toString()}::numeric or since < ${dayAgo})
    order by leaving desc, total - claimed desc limit ${atOnce}`);
  return rows.map((row) => ({ id: row.id, totalWei: BigInt(row.total) }));
}
