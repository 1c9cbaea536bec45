import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getSession } from '#app/_server/session.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import type { PoolKind } from '#lib/kernel/pool-of.ts';
import { getPool } from '#lib/staking/get-pool.ts';
import { listPools } from '#lib/staking/list-pools.ts';
import { getPosition, listPositions } from '#lib/staking/list-positions.ts';

/** Pools of a kind and, for who is signed in, their stakes. Null where the chain has no stake pools. */
export async function loadStaking(kind: PoolKind) {
  const deps = buildDeps();
  if (!deps.deployment.addresses.stakePools) return null;
  const session = await getSession();
  const [pools, positions] = await Promise.all([
    listPools(deps, kind),
    session ? listPositions(deps, session.address) : null,
  ]);
  return { pools, positions };
}

/** One pool, the reader's place in it, and what our contracts are called, by lower-case address. */
export async function loadPool(pool: string) {
  const deps = buildDeps();
  const detail = await getPool(deps, pool);
  const session = await getSession();
  const mine = session && {
    position: await getPosition(deps, detail.view.pool, session.address),
    balanceWei: await deps.chain.readContract({
      address: deps.deployment.addresses.openToken,
      abi: openTokenAbi,
      functionName: 'balanceOf',
      args: [session.address],
    }),
  };
  const { disputeCourt, validatorSet, datanetRegistry } = deps.deployment.addresses;
  const names: Record<string, string> = { [datanetRegistry.toLowerCase()]: 'the Datanet registry' };
  if (disputeCourt) names[disputeCourt.toLowerCase()] = 'the court';
  if (validatorSet) names[validatorSet.toLowerCase()] = 'the validators’ rules';
  return { ...detail, mine, names };
}
