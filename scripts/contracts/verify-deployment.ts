import type { Address, PublicClient } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import type { Addresses, DeployConfig } from './plan-deployment.ts';

/**
 * Checks that every address has code and that the contracts answer with the configuration and with each other's
 * addresses. That the code is ours follows from CREATE2; this catches a wrong OPEN, RPC or configuration.
 *
 * Throws with the first value that differs.
 */
export async function verifyDeployment(
  reader: PublicClient,
  addresses: Addresses,
  config: DeployConfig,
): Promise<void> {
  for (const [name, address] of Object.entries(addresses)) {
    if (!(await reader.getCode({ address }))) throw new Error(`${name} has no code at ${address}`);
  }
  const ledger = { address: addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const channels = { address: addresses.inferenceChannels, abi: inferenceChannelsAbi } as const;
  const router = { address: addresses.revenueRouter, abi: revenueRouterAbi } as const;
  const models = { address: addresses.modelRegistry, abi: modelRegistryAbi } as const;
  const read = reader.readContract;
  const facts: [name: string, actual: Promise<Address | bigint | number | boolean>, expected: unknown][] = [
    ['ledger.token', read({ ...ledger, functionName: 'token' }), addresses.openToken],
    ['ledger.WINDOW', read({ ...ledger, functionName: 'WINDOW' }), config.windowSeconds],
    ['ledger.PUBLISHER_BOND', read({ ...ledger, functionName: 'PUBLISHER_BOND' }), config.publisherBondWei],
    ['ledger.court', read({ ...ledger, functionName: 'court' }), config.court],
    ['ledger.guardian', read({ ...ledger, functionName: 'guardian' }), config.guardian],
    ['ledger.treasury', read({ ...ledger, functionName: 'treasury' }), config.treasury],
    ['channels.token', read({ ...channels, functionName: 'token' }), addresses.openToken],
    ['router.ledger', read({ ...router, functionName: 'ledger' }), addresses.attributionLedger],
    ['router.channels', read({ ...router, functionName: 'channels' }), addresses.inferenceChannels],
    ['router.treasury', read({ ...router, functionName: 'treasury' }), config.treasury],
    ['router.PROTOCOL_FEE_BPS', read({ ...router, functionName: 'PROTOCOL_FEE_BPS' }), BigInt(config.protocolFeeBps)],
    ['models.PROTOCOL_FEE_BPS', read({ ...models, functionName: 'PROTOCOL_FEE_BPS' }), BigInt(config.protocolFeeBps)],
  ];
  for (const [name, promise, expected] of facts) {
    const actual = await promise;
    if (String(actual).toLowerCase() !== String(expected).toLowerCase()) {
      throw new Error(`${name} is ${actual}, expected ${expected}`);
    }
  }
}
