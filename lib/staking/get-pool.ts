import { paramsAbi } from '#contracts-abi/params.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { PoolNotFoundError } from './errors.ts';
import { sumPaidIn } from './list-pools.ts';
import { listSlashes } from './list-slashes.ts';
import { listPoolSubjects, nameOf } from './list-subjects.ts';
import { readPoolState } from './read-pool-state.ts';
import { parsePool } from './rules.ts';
import { stakingContract } from './staking-contract.ts';
import type { PoolSubject, PoolTerms, PoolView, Slash } from './types.ts';

type ReadDeps = Pick<Deps, 'db' | 'chain' | 'deployment' | 'now'>;
/** A parameter's key is its name as text in 32 bytes (ParamKeys.sol). */
const unbondingKey = `0x${Buffer.from('unbondingSeconds').toString('hex').padEnd(64, '0')}` as const;

/** One pool: its state and terms at the newest block, its slashes, and the chain's time, by which its clocks run. */
export type PoolDetail = { view: PoolView; terms: PoolTerms; slashes: Slash[]; now: Date };

/** @throws {PoolNotFoundError} for a word that names no pool. {@link StakingMissingError} */
export async function getPool(deps: ReadDeps, pool: string): Promise<PoolDetail> {
  const subject = await findSubject(deps, pool);
  const now = await chainNow(deps);
  const contract = stakingContract(deps);
  const { chain } = deps;
  const [state, slashes, paidIn, slashableBps, monthBps, monthSeconds, params] = await Promise.all([
    readPoolState(deps, subject.pool, now),
    listSlashes(deps.db, subject.pool),
    sumPaidIn(deps, now, subject.pool),
    chain.readContract({ ...contract, functionName: 'slashableBps', args: [subject.pool] }),
    chain.readContract({ ...contract, functionName: 'MAX_MONTH_BPS' }),
    chain.readContract({ ...contract, functionName: 'MONTH' }),
    chain.readContract({ ...contract, functionName: 'params' }),
  ]);
  const unbondingSeconds = await chain.readContract({
    address: params,
    abi: paramsAbi,
    functionName: 'valueOf',
    args: [unbondingKey],
  });
  const { stakedWei, unbondingWei, isClosed, heldUntil, stream } = state;
  return {
    view: {
      ...subject,
      ...{ stakedWei, unbondingWei, isClosed, slashCount: slashes.length },
      paidIn: paidIn.get(subject.pool) ?? { feesWei: 0n, emissionsWei: 0n },
    },
    terms: {
      slashableBps: Number(slashableBps),
      monthBps: Number(monthBps),
      monthSeconds,
      unbondingSeconds: Math.min(Number(unbondingSeconds), monthSeconds),
      heldUntil,
      stream,
    },
    slashes,
    now,
  };
}

async function findSubject({ db }: Pick<Deps, 'db'>, pool: string): Promise<PoolSubject> {
  const named = parsePool(pool);
  if (!named) throw new PoolNotFoundError(pool);
  const name = pool.toLowerCase() as `0x${string}`;
  const known = (await listPoolSubjects(db)).find((subject) => subject.pool === name);
  return known ?? { ...named, pool: name, name: nameOf(named.kind, named.id), href: null };
}
