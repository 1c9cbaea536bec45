import { sql } from 'drizzle-orm';
import { chainEvents } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { listPoolSubjects } from './list-subjects.ts';
import { stakingContract } from './staking-contract.ts';
import type { PoolPosition, PoolSubject } from './types.ts';

type ReadDeps = Pick<Deps, 'db' | 'chain' | 'deployment'>;

/** What an account has in one pool, read at the newest block. All zero where it has nothing. */
export async function getPosition(
  deps: Pick<Deps, 'chain' | 'deployment'>,
  pool: `0x${string}`,
  account: `0x${string}`,
): Promise<PoolPosition> {
  const contract = stakingContract(deps);
  const args = [pool, account] as const;
  const { chain } = deps;
  const [stakedWei, [shares], unbondingWei, withdrawableAt, rewardWei] = await Promise.all([
    chain.readContract({ ...contract, functionName: 'stakeOf', args }),
    chain.readContract({ ...contract, functionName: 'positions', args }),
    chain.readContract({ ...contract, functionName: 'unbondingOf', args }),
    chain.readContract({ ...contract, functionName: 'withdrawableAt', args }),
    chain.readContract({ ...contract, functionName: 'rewardOf', args }),
  ]);
  return {
    ...{ account, stakedWei, shares, unbondingWei, rewardWei },
    withdrawableAt: unbondingWei > 0n ? new Date(Number(withdrawableAt) * 1000) : null,
  };
}

/** The pools in which an account has something: stake, stake that is leaving, or rewards. */
export async function listPositions(
  deps: ReadDeps,
  account: `0x${string}`,
): Promise<{ subject: PoolSubject; position: PoolPosition }[]> {
  const { rows } = await deps.db.execute<{ pool: string }>(sql`
    select distinct e.subject as pool from ${chainEvents} e
    where e.contract = 'stakePools' and e.name = 'Staked' and e.args ->> 'account' = ${account.toLowerCase()}`);
  const pools = new Set(rows.map(({ pool }) => pool));
  const subjects = (await listPoolSubjects(deps.db)).filter(({ pool }) => pools.has(pool));
  const found = await Promise.all(
    subjects.map(async (subject) => ({ subject, position: await getPosition(deps, subject.pool, account) })),
  );
  return found.filter(({ position: p }) => p.stakedWei + p.unbondingWei + p.rewardWei > 0n);
}
