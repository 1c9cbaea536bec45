import { and, eq, sql } from 'drizzle-orm';
import type { Hex } from 'viem';
import { chainEvents } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { listChannelsOf } from '../queries.ts';
import type { ChannelView } from '../types.ts';

/** The channel towards our router that a payment names, as it is now; null when there is none. */
export async function findPaidChannel(
  { db, deployment }: Pick<Deps, 'db' | 'deployment'>,
  channelId: Hex,
): Promise<ChannelView | null> {
  const router = deployment.addresses.revenueRouter.toLowerCase();
  const [opened] = await db
    .select({ payer: sql<string>`${chainEvents.args} ->> 'payer'` })
    .from(chainEvents)
    .where(
      and(
        eq(chainEvents.contract, 'inferenceChannels'),
        eq(chainEvents.name, 'Opened'),
        eq(chainEvents.subject, channelId),
        sql`${chainEvents.args} ->> 'receiver' = ${router}`,
      ),
    );
  if (!opened) return null;
  const all = await listChannelsOf(db, opened.payer, router);
  return all.find((channel) => channel.channelId === channelId) ?? null;
}
