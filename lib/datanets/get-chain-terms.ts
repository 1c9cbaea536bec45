import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { ChainTerms } from './types.ts';

const curatorRole = 1;

/** What the registry holds a Datanet to, and who is a curator there besides the owner: folded from its events. */
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
  const terms: ChainTerms = { curatorQuorum: 1, joinStakeWei: 0n, access: 0, curators: [] };
  const curators = new Set<`0x${string}`>();
  for (const { name, args } of events) {
    if (args['policy.curatorQuorum'] !== undefined) {
      terms.curatorQuorum = Number(args['policy.curatorQuorum']);
      terms.joinStakeWei = BigInt(args['policy.joinStake'] as string);
    }
    if (args.access !== undefined) terms.access = Number(args.access);
    if (name !== 'RoleSet') continue;
    const account = String(args.account) as `0x${string}`;
    if ((Number(args.roles) & curatorRole) !== 0) curators.add(account);
    else curators.delete(account);
  }
  return { ...terms, curators: [...curators] };
}
