import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';

type Hash = `0x${string}`;

/** Terms that our Datanets register with: one approval is enough, no stake to join, no owner's cut, exact duplicates only. */
const policy = { joinStake: 0n, reviewPeriod: 0, curatorQuorum: 1, ownerBps: 0, dedup: 1 };
const openAccess = 0;

/** DatanetRegistry.create for a Datanet: sent by its owner. The hash ties the entry to the terms shown here. */
export function registerDatanetCall(metaHash: Hash) {
  return { abi: datanetRegistryAbi, functionName: 'create', args: [policy, openAccess, metaHash] } as const;
}

/**
 * DatanetRegistry.commit for a frozen version: proposes and accepts its root in one transaction. Sent by the owner or an
 * account that holds the curator role on chain.
 */
export function anchorVersionCall(version: { registryId: string; root: Hash; rowCount: number; objectKey: string }) {
  const args = [BigInt(version.registryId), version.root, version.rowCount, version.objectKey] as const;
  return { abi: datanetRegistryAbi, functionName: 'commit', args } as const;
}
