import type { Hex } from 'viem';
import { buildTree } from '../../../lib/kernel/merkle.ts';
import { packEarningsLeaves } from '../../../lib/kernel/merkle-leaf.ts';
import type { RewardLeaf } from '../../../lib/rewards/types.ts';
import { importPeer } from '../peer.ts';

type Peer = { StandardMerkleTree: { of(values: [string, string][], types: string[]): { root: string } } };

export function ourRoot(leaves: readonly RewardLeaf[]): Hex {
  return buildTree(packEarningsLeaves(leaves)).root;
}

/** The library whose tree the contracts verify, on the same leaves. */
export async function peerTree(): Promise<(leaves: readonly RewardLeaf[]) => Hex> {
  const { StandardMerkleTree } = await importPeer<Peer>(['@openzeppelin/merkle-tree@1.0.8']);
  return (leaves) =>
    StandardMerkleTree.of(
      leaves.map(({ account, cumulativeWei }) => [account, cumulativeWei.toString()]),
      ['address', 'uint256'],
    ).root as Hex;
}
