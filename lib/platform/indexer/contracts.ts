import type { Abi, Address } from 'viem';
import { allAbis } from '#contracts-abi/all-abis.ts';
import type { Deployment } from '../deployment.ts';

/** Name in the deployment; also `chain_events.contract`. */
export type ContractName = keyof Deployment['addresses'];
export type IndexedContract = { name: ContractName; address: Address; abi: Abi };

/** Tokens that all the chain uses: their events are not about us. */
export const foreignTokens: ReadonlySet<ContractName> = new Set(['openToken', 'wrappedOpen']);

/** Whose ABI an address has where the two names differ. */
const abiNames: Partial<Record<ContractName, string>> = {
  timelockSlow: 'openTimelock',
  timelockFast: 'openTimelock',
};

/**
 * Contracts of a deployment by lower-case address: all whose ABI we have. Where one address has two names (OPEN is wrapped
 * OPEN on chains whose coin is OPEN) the first in the deployment counts.
 */
export function contractsOf(deployment: Deployment): Map<string, IndexedContract> {
  const contracts = new Map<string, IndexedContract>();
  for (const name of Object.keys(deployment.addresses) as ContractName[]) {
    const address = deployment.addresses[name];
    const abi = (allAbis as Record<string, Abi>)[abiNames[name] ?? name];
    if (address && abi && !contracts.has(address.toLowerCase()))
      contracts.set(address.toLowerCase(), { name, address, abi });
  }
  return contracts;
}
