import type { Hex } from 'viem';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { buildTree, type MerkleTree } from '#lib/kernel/merkle.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';
import type { ObjectStore } from '#lib/platform/storage/object-store.ts';
import { exampleLeaf } from './example-leaf.ts';

/** One line of a version's JSONL: a row with all that its Merkle leaf commits to. */
export type VersionRow = {
  id: string;
  contributor: `0x${string}`;
  /** SHA-256 of salt and text hash (lib/kernel/row-salt.ts); of versions from before there were salts the text hash itself. */
  contentHash: `0x${string}`;
  /** With it and the text anybody computes `contentHash`; destroyed with the text. */
  salt?: `0x${string}`;
  /** Seconds since 1970; the leaf holds the same number. */
  contributedAt: number;
  data: Record<string, string>;
  /** Who did what for the row, oldest act first; its shares go by it. Versions from before name none. */
  lineage?: LineageAct[];
  /** The text of an encrypted Datanet's row; its key is not in the file. `data` is empty then. */
  sealed?: { era: number; ciphertext: string };
  /** Its author has withdrawn the row and its text is destroyed: `data` is empty, the leaf stands. */
  erased?: true;
  /** Texts that the row replaced, oldest first: what copies them is a copy of this row. Left out where there are none. */
  formerly?: { id: string; data: Record<string, string> }[];
};

/** Rows as JSON Lines in canonical JSON: equal rows give equal bytes, hence the same object. */
export function encodeVersionRows(rows: readonly VersionRow[]): Uint8Array {
  return new TextEncoder().encode(rows.map((row) => `${canonicalJson(row)}\n`).join(''));
}

/** Reads a version's rows in leaf order. `objectKey` stands in `datanet_versions`. Throws ObjectNotFoundError. */
export async function readVersionRows(store: ObjectStore, objectKey: string): Promise<VersionRow[]> {
  const text = new TextDecoder().decode(await store.get(objectKey));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as VersionRow);
}

/** The version's Merkle tree; leaf i belongs to row i. Needs at least one row. */
export function versionTree(rows: readonly VersionRow[]): MerkleTree {
  const leaves: Hex[] = rows.map(({ contributor, contentHash, contributedAt }) =>
    exampleLeaf({ contributor, contentHash, contributedAtSeconds: contributedAt }),
  );
  return buildTree(leaves);
}
