import { governanceOpenAbi } from '#contracts-abi/governance-open.ts';
import { openGovernorAbi } from '#contracts-abi/open-governor.ts';
import { paramsAbi } from '#contracts-abi/params.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { GovernanceMissingError } from './errors.ts';

/** Governor, GOPEN and Params of the configured chain. @throws {GovernanceMissingError} on a deployment without them. */
export function governanceContracts({ deployment }: Pick<Deps, 'deployment'>) {
  const { openGovernor, governanceOpen, params } = deployment.addresses;
  if (!openGovernor || !governanceOpen || !params) throw new GovernanceMissingError();
  return {
    governor: { address: openGovernor, abi: openGovernorAbi },
    votes: { address: governanceOpen, abi: governanceOpenAbi },
    params: { address: params, abi: paramsAbi },
  } as const;
}
