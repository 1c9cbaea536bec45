import { stringToHex } from 'viem';
import type { Deps } from '#lib/platform/deps.ts';
import { governanceContracts } from './governance-contracts.ts';
import { parameterNames, unitOf } from './rules.ts';
import type { ParameterView } from './types.ts';

/** All parameters with what is announced, at the newest block. @throws {GovernanceMissingError} */
export async function listParameters(deps: Pick<Deps, 'chain' | 'deployment'>): Promise<ParameterView[]> {
  const { params } = governanceContracts(deps);
  const { chain } = deps;
  const at = { ...params, blockTag: 'pending' } as const;
  const [epoch, epochSeconds] = await Promise.all([
    chain.readContract({ ...at, functionName: 'epoch' }),
    chain.readContract({ ...at, functionName: 'EPOCH' }),
  ]);
  return Promise.all(
    parameterNames.map(async (name) => {
      const args = [stringToHex(name, { size: 32 })] as const;
      const [[current, next, effectiveEpoch], bounds] = await Promise.all([
        chain.readContract({ ...at, functionName: 'announced', args }),
        chain.readContract({ ...at, functionName: 'boundsOf', args }),
      ]);
      const isAhead = effectiveEpoch > epoch;
      return {
        ...{ name, unit: unitOf(name), min: bounds.min, max: bounds.max },
        current: isAhead ? current : next,
        next: isAhead ? { value: next, from: new Date(Number(effectiveEpoch * epochSeconds) * 1000) } : null,
      };
    }),
  );
}
