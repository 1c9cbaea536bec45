import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { AnchorVersionArgs, BatchApproval, RegisterDatanetArgs, RegistryTerms } from './types.ts';

type Hash = `0x${string}`;
type FrozenRoot = { registryId: string; root: Hash; rowCount: number; objectKey: string };

const plainTerms: RegistryTerms = { joinStakeWei: 0n, access: 0 };

/**
 * DatanetRegistry.create for a Datanet: sent by its owner. The hash ties the entry to the terms shown here. `ownerBps` is 0, because
 * nothing here pays an owner's cut; a number that nobody keeps to would be a false promise. The quorum is 1, because the registry knows
 * no curator besides the owner yet and refuses a quorum that nobody can reach.
 */
export function registerDatanetCall(metaHash: Hash, { joinStakeWei, access } = plainTerms) {
  const policy = { joinStake: joinStakeWei, reviewPeriod: 0, curatorQuorum: 1, ownerBps: 0, dedup: 1 };
  const args: RegisterDatanetArgs = [policy, access, metaHash];
  return { abi: datanetRegistryAbi, functionName: 'create' as const, args };
}

/**
 * DatanetRegistry.commit for a frozen version: proposes and accepts its root in one transaction. Sent by the owner or an
 * account that holds the curator role on chain, where one of them is enough.
 */
export function anchorVersionCall(version: FrozenRoot) {
  return { abi: datanetRegistryAbi, functionName: 'commit' as const, args: rootArgs(version) };
}

/** DatanetRegistry.propose: the first of two steps where several curators must approve. */
export function proposeVersionCall(version: FrozenRoot) {
  return { abi: datanetRegistryAbi, functionName: 'propose' as const, args: rootArgs(version) };
}

/** DatanetRegistry.accept with the signatures that were collected, in the order that the contract wants. */
export function acceptVersionCall(registryId: string, batch: string, approvals: readonly BatchApproval[]) {
  const sorted = [...approvals].sort((a, b) => (BigInt(a.curator) < BigInt(b.curator) ? -1 : 1));
  const args = [BigInt(registryId), BigInt(batch), sorted] as const;
  return { abi: datanetRegistryAbi, functionName: 'accept' as const, args };
}

function rootArgs({ registryId, root, rowCount, objectKey }: FrozenRoot): AnchorVersionArgs {
  return [BigInt(registryId), root, rowCount, objectKey];
}
