import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { keccakShort } from './keccak-short.ts';

/** A Merkle tree and the way to prove each of its leaves. Indices are those of the leaves as they were given. */
export type MerkleTree = { root: Hex; size: number; proofFor: (index: number) => Hex[] };

const wordBytes = 32;

/**
 * Builds the tree that OpenZeppelin's StandardMerkleTree builds: leaves sorted by hash, pairs hashed in ascending
 * order, a complete binary tree kept in one flat array of 2n - 1 words with the root first. Sorting makes the root
 * depend on the set of leaves only, not on their order.
 *
 * @param leaves hashes of leaves (see merkle-leaf.ts), as hex words or packed into one array of 32 n bytes
 * @throws RangeError when there is no leaf or a leaf is not 32 bytes long
 */
export function buildTree(leaves: readonly Hex[] | Uint8Array): MerkleTree {
  const packed = leaves instanceof Uint8Array ? leaves : pack(leaves);
  const size = packed.length / wordBytes;
  if (!Number.isInteger(size) || size === 0) throw new RangeError('a Merkle tree needs leaves of 32 bytes each');
  const nodes = new Uint8Array((2 * size - 1) * wordBytes);
  const position = placeLeaves(packed, nodes);
  for (let at = size - 2; at >= 0; at--) {
    hashWords(wordAt(nodes, 2 * at + 1), wordAt(nodes, 2 * at + 2), nodes, at * wordBytes);
  }
  const proofFor = (index: number): Hex[] => {
    const start = position[index];
    if (start === undefined) throw new RangeError(`leaf ${index} is not among ${size} leaves`);
    const proof: Hex[] = [];
    for (let at = start; at > 0; at = (at - 1) >> 1)
      proof.push(bytesToHex(wordAt(nodes, at % 2 === 1 ? at + 1 : at - 1)));
    return proof;
  };
  return { root: bytesToHex(wordAt(nodes, 0)), size, proofFor };
}

/** Whether `leaf` stands under `root` by `proof`: what OpenZeppelin's MerkleProof.verify computes. */
export function verifyProof(parameters: { root: Hex; leaf: Hex; proof: readonly Hex[] }): boolean {
  const { root, leaf, proof } = parameters;
  return proof.reduce((hash, sibling) => hashPair(hash, sibling), leaf).toLowerCase() === root.toLowerCase();
}

/** keccak256 of two words in ascending order, so that a proof needs no directions. */
export function hashPair(a: Hex, b: Hex): Hex {
  const hash = new Uint8Array(wordBytes);
  hashWords(hexToBytes(a), hexToBytes(b), hash, 0);
  return bytesToHex(hash);
}

const pairBytes = new Uint8Array(2 * wordBytes);

function hashWords(a: Uint8Array, b: Uint8Array, target: Uint8Array, offset: number): void {
  const ordered = compareWords(a, b) <= 0;
  pairBytes.set(ordered ? a : b, 0);
  pairBytes.set(ordered ? b : a, wordBytes);
  keccakShort(pairBytes, target, offset);
}

function wordAt(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(index * wordBytes, (index + 1) * wordBytes);
}

/** Copies the leaves, sorted, to the end of `nodes`, the smallest last. Returns the node of each leaf. */
function placeLeaves(packed: Uint8Array, nodes: Uint8Array): Uint32Array {
  const size = packed.length / wordBytes;
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const key = Uint32Array.from({ length: size }, (_, index) => view.getUint32(index * wordBytes));
  const order = Uint32Array.from({ length: size }, (_, index) => index);
  // Hashes almost always differ within their first four bytes; only ties look at the whole words.
  order.sort((a, b) => key[a]! - key[b]! || compareWords(wordAt(packed, a), wordAt(packed, b)));
  const position = new Uint32Array(size);
  order.forEach((leaf, rank) => {
    const node = 2 * size - 2 - rank;
    position[leaf] = node;
    nodes.set(wordAt(packed, leaf), node * wordBytes);
  });
  return position;
}

function compareWords(a: Uint8Array, b: Uint8Array): number {
  for (let at = 0; at < wordBytes; at++) {
    if (a[at] !== b[at]) return a[at]! - b[at]!;
  }
  return 0;
}

function pack(leaves: readonly Hex[]): Uint8Array {
  const packed = new Uint8Array(leaves.length * wordBytes);
  leaves.forEach((leaf, index) => {
    if (leaf.length !== 2 + 2 * wordBytes) throw new RangeError(`leaf ${index} is not a word of 32 bytes`);
    packed.set(hexToBytes(leaf), index * wordBytes);
  });
  return packed;
}
