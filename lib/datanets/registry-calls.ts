import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { AnchorVersionArgs, RegisterDatanetArgs } from './types.ts';

type Hash = `0x${string}`;

/** Terms that our Datanets register with: one approval is enough, no stake to join, no owner's cut, exact duplicates only. */
const policy = { joinStake: 0n, reviewPeriod: 0, curatorQuorum: 1, ownerBps: 0, dedup: 1 };
const openAccess = 0;

/** DatanetRegistry.create for a Datanet: sent by its owner. The hash ties the entry to the terms shown here. */
export function registerDatanetCall(metaHash: Hash) {
  const args: RegisterDatanetArgs = [policy, openAccess, metaHash];
  return { abi: datanetRegistryAbi, functionName: 'create' as const, args };
}

/**
 * DatanetRegistry.commit for a frozen version: proposes and accepts its root in one transaction. Sent by the owner or an
 * account that holds the curator role on chain.
 */
export function anchorVersionCall(version: { registryId: string; root: Hash; rowCount: number; objectKey: string }) {
  const args: AnchorVersionArgs = [BigInt(version.registryId), version.root, version.rowCount, version.objectKey];
  return { abi: datanetRegistryAbi, functionName: 'commit' as const, args };
}
