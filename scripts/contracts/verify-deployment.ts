import type { Abi, PublicClient } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { bountiesAbi } from '#contracts-abi/bounties.ts';
import { emissionControllerAbi } from '#contracts-abi/emission-controller.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { poolVaultsAbi } from '#contracts-abi/pool-vaults.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { governanceFacts } from './governance-facts.ts';
import type { Addresses, DeployConfig } from './plan-deployment.ts';
import { type Fact, readFact } from './read-fact.ts';

export type Deployed = { addresses: Addresses; config: DeployConfig };

/**
 * Checks that every address has code, that the contracts answer with the configuration and with each other's addresses,
 * and that governance owns what it should and nobody else does. That the code is ours follows from CREATE2; this catches a
 * wrong OPEN, RPC or configuration, and a deployer who kept a power.
 *
 * Throws with the first value that differs.
 */
export async function verifyDeployment(reader: PublicClient, deployed: Deployed): Promise<void> {
  const names = Object.entries(deployed.addresses);
  const codes = await Promise.all(names.map(([, address]) => reader.getCode({ address })));
  for (const [at, [name, address]] of names.entries()) {
    if (!codes[at]) throw new Error(`${name} has no code at ${address}`);
  }
  await requireFacts([...coreFacts(reader, deployed), ...governanceFacts(reader, deployed)]);
}

/** What bounties must know, by what the contract calls it. */
const bountyParts = {
  token: 'openToken',
  datanets: 'datanetRegistry',
  models: 'modelRegistry',
  ledger: 'attributionLedger',
  guardian: 'guardian',
} as const;

function coreFacts(reader: PublicClient, { addresses, config }: Deployed): Fact[] {
  const treasury = config.treasury ?? addresses.timelockSlow;
  const fee = BigInt(config.protocolFeeBps);
  const of =
    (name: keyof Addresses, abi: Abi) =>
    (functionName: string, expected: unknown, ...args: unknown[]) =>
      readFact(reader, { name, address: addresses[name]!, abi }, functionName, args, expected);
  const ledger = of('attributionLedger', attributionLedgerAbi);
  const router = of('revenueRouter', revenueRouterAbi);
  return [
    ledger('token', addresses.openToken),
    ledger('WINDOW', config.windowSeconds),
    ledger('PUBLISHER_BOND', config.publisherBondWei),
    ledger('directory', addresses.directory),
    ledger('RECIPIENT_DELAY', config.recipientDelaySeconds),
    ledger('ROTATION_DELAY', config.rotationDelaySeconds),
    ledger('guardian', addresses.guardian),
    ledger('treasury', treasury),
    of('inferenceChannels', inferenceChannelsAbi)('token', addresses.openToken),
    of('poolVaults', poolVaultsAbi)('token', addresses.openToken),
    of('poolVaults', poolVaultsAbi)('pools', addresses.stakePools),
    ...(['token', 'datanets', 'models', 'ledger', 'guardian'] as const).map((part) =>
      of('bounties', bountiesAbi)(part, addresses[bountyParts[part]]),
    ),
    router('ledger', addresses.attributionLedger),
    router('channels', addresses.inferenceChannels),
    router('treasury', treasury),
    router('params', addresses.params),
    ...(addresses.emissionController
      ? [of('emissionController', emissionControllerAbi)('isKnown', true, addresses.revenueRouter)]
      : []),
    of('modelRegistry', modelRegistryAbi)('PROTOCOL_FEE_BPS', fee),
  ];
}

async function requireFacts(facts: readonly Fact[]): Promise<void> {
  const actual = await Promise.all(facts.map((fact) => fact.actual));
  for (const [at, { name, expected }] of facts.entries()) {
    if (String(actual[at]).toLowerCase() !== String(expected).toLowerCase()) {
      throw new Error(`${name} is ${actual[at]}, expected ${expected}`);
    }
  }
}
