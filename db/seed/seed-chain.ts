import { createWalletClient, type Hex, http, publicActions } from 'viem';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { findRegistryId } from '#lib/datanets/find-registry-id.ts';
import { type FrozenVersion, freezeVersion } from '#lib/datanets/freeze-version.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { getVersion } from '#lib/datanets/list-versions.ts';
import { anchorVersionCall, registerDatanetCall } from '#lib/datanets/registry-calls.ts';
import { chainOf } from '#lib/platform/chain/chains.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { devnetAccount, devnetActor } from './devnet-accounts.ts';
import type { SampleDatanet } from './sample-datanets.ts';
import { seedDeps } from './seed-deps.ts';

export type SeedChainDeps = Pick<Deps, 'db' | 'chain' | 'deployment' | 'store' | 'env' | 'now' | 'randomBytes'>;

/**
 * Registers a sample Datanet, freezes its version 1 and anchors it: real transactions from its owner's devnet account, each
 * only when the chain does not have its event. Returns true when it sent something.
 */
export async function seedChain(deps: SeedChainDeps, sample: SampleDatanet, dayOffset: number): Promise<boolean> {
  const datanet = await getDatanetTerms(deps.db, sample.slug);
  const registered = (await findRegistryId(deps, datanet)) !== null;
  if (!registered) await send(deps, sample.ownerAccount, registerDatanetCall(datanet.metaHash));
  const version = await findOrFreezeFirst(deps, sample, dayOffset);
  const anchored = await isAnchored(deps, version);
  if (!anchored) await send(deps, sample.ownerAccount, anchorVersionCall(version));
  return !registered || !anchored;
}

type AnchorableVersion = Pick<FrozenVersion, 'registryId' | 'root' | 'rowCount' | 'objectKey'>;

async function findOrFreezeFirst(
  deps: SeedChainDeps,
  sample: SampleDatanet,
  dayOffset: number,
): Promise<AnchorableVersion> {
  const datanet = await getDatanetTerms(deps.db, sample.slug);
  const first = await getVersion(deps.db, sample.slug, 1).catch(() => null);
  const registryId = await findRegistryId(deps, datanet);
  if (first && registryId !== null) return { ...first, registryId };
  const lastDay = dayOffset + 3 + new Set(sample.rows.map((row) => row.account)).size;
  const frozen = seedDeps(deps, `${sample.slug}/v1`, lastDay);
  return freezeVersion(frozen, devnetActor(sample.ownerAccount), { datanetId: datanet.id });
}

/** Asks the chain itself, because the index of events may not run yet. */
async function isAnchored(deps: SeedChainDeps, { registryId, root }: AnchorableVersion): Promise<boolean> {
  const registry = {
    address: deps.deployment.addresses.datanetRegistry,
    abi: datanetRegistryAbi,
    strict: true,
  } as const;
  const fromBlock = BigInt(deps.deployment.startBlock);
  const args = { id: BigInt(registryId) };
  const [proposed, accepted] = await Promise.all([
    deps.chain.getContractEvents({ ...registry, eventName: 'BatchProposed', args, fromBlock }),
    deps.chain.getContractEvents({ ...registry, eventName: 'BatchAccepted', args, fromBlock }),
  ]);
  const batches = new Set(accepted.map((event) => event.args.batch));
  return proposed.some((event) => event.args.root.toLowerCase() === root && batches.has(event.args.batch));
}

type RegistryCall = ReturnType<typeof registerDatanetCall> | ReturnType<typeof anchorVersionCall>;

/** Simulates, sends and waits until it is in a block. Throws when the chain refuses it. */
async function send(deps: SeedChainDeps, accountNumber: number, call: RegistryCall): Promise<Hex> {
  const wallet = createWalletClient({
    account: devnetAccount(accountNumber),
    chain: chainOf(deps.env.CHAIN_ID, deps.env.RPC_URL),
    transport: http(deps.env.RPC_URL),
    pollingInterval: 50,
  }).extend(publicActions);
  const address = deps.deployment.addresses.datanetRegistry;
  const { request } =
    call.functionName === 'create'
      ? await wallet.simulateContract({ address, ...call })
      : await wallet.simulateContract({ address, ...call });
  const hash = await wallet.writeContract(request as Parameters<typeof wallet.writeContract>[0]);
  const receipt = await wallet.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`sample transaction ${hash} (${call.functionName}) reverted`);
  return hash;
}
