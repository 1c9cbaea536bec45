import { and, eq, sql } from 'drizzle-orm';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** Smaller flushes do not tell their rate: the fee is rounded down. */
const tellingWei = 1_000_000n;

/** Protocol fees in bps. Governance may change the fee, and each flush takes what holds then. */
export type FeeRates = {
  /** What this period is booked by: the highest since the period before, so that it never pays out more than arrived. */
  booked: number;
  /** The highest that was ever taken: as little as this may have arrived for a receipt whose money was flushed long ago. */
  highest: number;
};

/** The rates at which the router divided the money of a period, `previousRoot` being the one before. */
export async function readFeeRates(
  { db, chain, deployment }: Pick<Deps, 'db' | 'chain' | 'deployment'>,
  previousRoot: string | null,
): Promise<FeeRates> {
  const contract = { address: deployment.addresses.revenueRouter, abi: revenueRouterAbi } as const;
  const now = Number(await chain.readContract({ ...contract, functionName: 'protocolFeeBps' }));
  const rate = sql`round((args ->> 'fee')::numeric * 10000 / (args ->> 'amount')::numeric)`;
  const before = sql`coalesce((select max(e.block_number) from ${chainEvents} e
    where e.name = 'EpochSubmitted' and e.subject = ${previousRoot ?? ''}), -1)`;
  const [seen] = await db
    .select({
      recent: sql<number | null>`(max(${rate}) filter (where ${chainEvents.blockNumber} > ${before}))::int`,
      ever: sql<number | null>`max(${rate})::int`,
    })
    .from(chainEvents)
    .where(
      and(
        eq(chainEvents.contract, 'revenueRouter'),
        eq(chainEvents.name, 'Flushed'),
        sql`(args ->> 'amount')::numeric >= ${tellingWei.toString()}::numeric`,
      ),
    );
  const booked = Math.max(now, seen?.recent ?? 0);
  return { booked, highest: Math.max(booked, seen?.ever ?? 0) };
}
