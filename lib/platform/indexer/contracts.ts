import type { Abi, Address } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { faucetAbi } from '#contracts-abi/faucet.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import type { Deployment } from '../deployment.ts';

/** Name in the deployment; also `chain_events.contract`. */
export type ContractName = keyof Deployment['addresses'];
export type IndexedContract = { name: ContractName; address: Address; abi: Abi };

const abis: Record<ContractName, Abi> = {
  openToken: openTokenAbi,
  faucet: faucetAbi,
  datanetRegistry: datanetRegistryAbi,
  modelRegistry: modelRegistryAbi,
  inferenceChannels: inferenceChannelsAbi,
  revenueRouter: revenueRouterAbi,
  attributionLedger: attributionLedgerAbi,
};

/** Contracts of a deployment by lower-case address. */
export function contractsOf(deployment: Deployment): Map<string, IndexedContract> {
  const contracts = new Map<string, IndexedContract>();
  for (const name of Object.keys(abis) as ContractName[]) {
    const address = deployment.addresses[name];
    if (address) contracts.set(address.toLowerCase(), { name, address, abi: abis[name] });
  }
  return contracts;
}
