import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { ChainTerms, RegistryPolicy } from './types.ts';

const curatorRole = 1;

/** What the registry holds a Datanet to, and who holds the role of a curator there: folded from its events. */
export async function getChainTerms(db: DatabaseOrTransaction, registryId: string): Promise<ChainTerms> {
  const events = await db
    .select({ name: chainEvents.name, args: chainEvents.args })
    .from(chainEvents)
    .where(
      and(
        eq(chainEvents.contract, 'datanetRegistry'),
        inArray(chainEvents.name, ['DatanetCreated', 'PolicySet', 'AccessChanged', 'RoleSet']),
        sql`${chainEvents.args} ->> 'id' = ${registryId}`,
      ),
    )
    .orderBy(asc(chainEvents.blockNumber), asc(chainEvents.logIndex));
  let policy: RegistryPolicy = { joinStake: 0n, reviewPeriod: 0, curatorQuorum: 1, ownerBps: 0, dedup: 0 };
  let access = 0;
  const curators = new Set<`0x${string}`>();
  for (const { name, args } of events) {
    if (args['policy.curatorQuorum'] !== undefined) policy = policyOf(args);
    if (args.access !== undefined) access = Number(args.access);
    if (name !== 'RoleSet') continue;
    const account = String(args.account) as `0x${string}`;
    if ((Number(args.roles) & curatorRole) !== 0) curators.add(account);
    else curators.delete(account);
  }
  return { policy, access, curators: [...curators] };
}

function policyOf(args: Record<string, unknown>): RegistryPolicy {
  const number = (name: string) => Number(args[`policy.${name}`]);
  return {
    joinStake: BigInt(args['policy.joinStake'] as string),
    reviewPeriod: number('reviewPeriod'),
    curatorQuorum: number('curatorQuorum'),
    ownerBps: number('ownerBps'),
    dedup: number('dedup'),
  };
}
