import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainBlocks, chainEvents } from '#db/schema/settlement.ts';
import type { PoolKind } from '#lib/kernel/pool-of.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { listPoolSubjects } from './list-subjects.ts';
import { readPoolState } from './read-pool-state.ts';
import { stakingContract } from './staking-contract.ts';
import type { PaidIn, PoolView } from './types.ts';

type ReadDeps = Pick<Deps, 'db' | 'chain' | 'deployment' | 'now'>;
const noMoney: PaidIn = { feesWei: 0n, emissionsWei: 0n };
const shownMax = 100;

/** Pools of a kind, most stake first, at most 100. Cost: one read of the chain a pool. @throws {StakingMissingError} */
export async function listPools(deps: ReadDeps, kind: PoolKind): Promise<PoolView[]> {
  const subjects = (await listPoolSubjects(deps.db)).filter((subject) => subject.kind === kind).slice(0, shownMax);
  const now = await chainNow(deps);
  const [paid, slashes, states] = await Promise.all([
    sumPaidIn(deps, now),
    countSlashes(deps.db),
    Promise.all(subjects.map(({ pool }) => readPoolState(deps, pool, now))),
  ]);
  return subjects
    .map((subject, i) => {
      const { stakedWei, unbondingWei, isClosed } = states[i]!;
      const paidIn = paid.get(subject.pool) ?? noMoney;
      return { ...subject, stakedWei, unbondingWei, isClosed, paidIn, slashCount: slashes.get(subject.pool) ?? 0 };
    })
    .sort((a, b) => (a.stakedWei === b.stakedWei ? 0 : a.stakedWei > b.stakedWei ? -1 : 1));
}

/** Rewards that were paid into pools within the chain's last month, by source. `pool` narrows it to one. */
export async function sumPaidIn(deps: ReadDeps, now: Date, pool?: string): Promise<Map<string, PaidIn>> {
  const month = await deps.chain.readContract({ ...stakingContract(deps), functionName: 'MONTH' });
  const since = Math.floor(now.getTime() / 1000) - month;
  const rows = await deps.db.execute<{ pool: string; fees: string; emissions: string }>(sql`
    select e.subject as pool,
      coalesce(sum((e.args ->> 'amount')::numeric) filter (where e.args ->> 'source' = '0'), 0) as fees,
      coalesce(sum((e.args ->> 'amount')::numeric) filter (where e.args ->> 'source' = '1'), 0) as emissions
    from ${chainEvents} e join ${chainBlocks} b on b.number = e.block_number
    where e.contract = 'stakePools' and e.name = 'Rewarded' and b.timestamp >= ${since}
      ${pool ? sql`and e.subject = ${pool}` : sql``}
    group by e.subject`);
  return new Map(
    rows.rows.map((row) => [row.pool, { feesWei: BigInt(row.fees), emissionsWei: BigInt(row.emissions) }]),
  );
}

async function countSlashes(db: DatabaseOrTransaction): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ pool: string; slashes: number }>(sql`
    select e.subject as pool, count(*)::int as slashes from ${chainEvents} e
    where e.contract = 'stakePools' and e.name in ('Slashed', 'AccountSlashed') group by e.subject`);
  return new Map(rows.map((row) => [row.pool, row.slashes]));
}
