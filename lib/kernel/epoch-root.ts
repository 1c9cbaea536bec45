import type { Hex } from 'viem';
import { hashPair, type MerkleTree } from './merkle.ts';

/** What the ledger stores for an epoch: both roots joined like any pair of nodes. */
export function epochTop(earningsRoot: Hex, receiptsRoot: Hex): Hex {
  return hashPair(earningsRoot, receiptsRoot);
}

/** The proof that `AttributionLedger.claim` takes: the leaf's path, then the receipts root as last sibling. */
export function claimProof(earnings: MerkleTree, index: number, receiptsRoot: Hex): Hex[] {
  return [...earnings.proofFor(index), receiptsRoot];
}

/** The proof that a receipt belongs to an epoch, against the same word on chain. */
export function receiptProof(receipts: MerkleTree, index: number, earningsRoot: Hex): Hex[] {
  return [...receipts.proofFor(index), earningsRoot];
}
