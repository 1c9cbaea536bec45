import { encodeAbiParameters, type Hex, keccak256, toHex } from 'viem';
import { buildTree } from './merkle.ts';

/** One version in a mix. `tenths`: how often a pass of the training reads each of its rows, in tenths: 10 is once. */
export type MixPart = { root: Hex; rows: number; tenths: number };

const partType: Hex = keccak256(toHex('OpenLedger.MixPart(bytes32 root,uint64 rows,uint32 tenths)'));

/**
 * Root of a mix of versions: the Merkle root over (root, rows, weight) of its parts, whose own roots the chain has. So it commits to every
 * row and weight, and nothing of its own needs to go on chain. Hashed twice as every leaf (merkle-leaf.ts), under a type word of its own, so
 * that it passes for no version's root. The order of the parts does not matter.
 */
export function mixRoot(parts: readonly MixPart[]): Hex {
  const words = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint256' }, { type: 'uint256' }] as const;
  const leaves = parts.map(({ root, rows, tenths }) =>
    keccak256(keccak256(encodeAbiParameters(words, [partType, root, BigInt(rows), BigInt(tenths)]))),
  );
  return buildTree(leaves).root;
}

/** First line of a mix's rows file; the rows of its parts follow, `rows` lines each, in this order. */
export type MixHeader = {
  mix: 'openledger-mix/1';
  parts: (MixPart & { versionId: string; datanetId: string; number: number })[];
};

/** Whether a line of a rows file is the head of a mix. */
export function isMixHeader(line: object): line is MixHeader {
  return 'mix' in line && line.mix === 'openledger-mix/1';
}
