import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { StakingMissingError } from './errors.ts';

/** Address and ABI of the stake pools on the configured chain. @throws {StakingMissingError} on a deployment without them. */
export function stakingContract({ deployment }: Pick<Deps, 'deployment'>) {
  const address = deployment.addresses.stakePools;
  if (!address) throw new StakingMissingError();
  return { address, abi: stakePoolsAbi } as const;
}
