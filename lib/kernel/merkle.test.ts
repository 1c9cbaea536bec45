import fc from 'fast-check';
import { type Hex, keccak256, toHex } from 'viem';
import { describe, expect, it } from 'vitest';
import { claimProof, epochTop, receiptProof } from './epoch-root.ts';
import { buildTree, hashPair, verifyProof } from './merkle.ts';
import { earningsLeaf, packEarningsLeaves, packReceiptLeaves, receiptLeaf, rowLeaf } from './merkle-leaf.ts';

const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toHex(bytes));
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 70 });

/** The definition, slow and obvious: what OpenZeppelin's makeMerkleTree does with sorted leaves. */
function referenceRoot(leaves: readonly Hex[]): Hex {
  const sorted = [...leaves].sort();
  const tree: Hex[] = new Array(2 * sorted.length - 1);
  sorted.forEach((leaf, at) => {
    tree[tree.length - 1 - at] = leaf;
  });
  for (let at = sorted.length - 2; at >= 0; at--) {
    const [a, b] = [tree[2 * at + 1]!, tree[2 * at + 2]!].sort();
    tree[at] = keccak256(`${a}${b!.slice(2)}` as Hex);
  }
  return tree[0]!;
}

describe('buildTree', () => {
  it('gives the root that the README of @openzeppelin/merkle-tree prints for its example', () => {
    const leaves = [
      earningsLeaf('0x1111111111111111111111111111111111111111', 5_000_000_000_000_000_000n),
      earningsLeaf('0x2222222222222222222222222222222222222222', 2_500_000_000_000_000_000n),
    ];
    expect(buildTree(leaves).root).toBe('0xd4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77');
  });

  it('agrees with the slow definition, whatever the order of the leaves', () => {
    fc.assert(
      fc.property(words, (leaves) => {
        const root = buildTree(leaves).root;
        expect(root).toBe(referenceRoot(leaves));
        expect(buildTree([...leaves].reverse()).root).toBe(root);
      }),
    );
  });

  it('proves each leaf by the index it was given with, and nothing else', () => {
    fc.assert(
      fc.property(words, word, (leaves, stranger) => {
        const tree = buildTree(leaves);
        leaves.forEach((leaf, index) => {
          const proof = tree.proofFor(index);
          expect(verifyProof({ root: tree.root, leaf, proof })).toBe(true);
          if (!leaves.includes(stranger)) expect(verifyProof({ root: tree.root, leaf: stranger, proof })).toBe(false);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('takes leaves packed into one array', () => {
    const leaves = Array.from({ length: 1000 }, (_, at) => keccak256(toHex(at)));
    const packed = Uint8Array.from(leaves.flatMap((leaf) => [...Buffer.from(leaf.slice(2), 'hex')]));
    expect(buildTree(packed).root).toBe(buildTree(leaves).root);
  });

  it('refuses no leaves, short leaves and unknown indices', () => {
    expect(() => buildTree([])).toThrow(RangeError);
    expect(() => buildTree(['0x12'])).toThrow(/leaf 0/);
    expect(() => buildTree([keccak256('0x')]).proofFor(1)).toThrow(/leaf 1 is not among 1/);
  });
});

describe('epoch roots', () => {
  it('prove earnings and receipts against the same word', () => {
    const earnings = buildTree(
      [1n, 2n, 3n].map((wei) => earningsLeaf('0x1111111111111111111111111111111111111111', wei)),
    );
    const receipts = buildTree([4n, 5n].map((wei) => receiptLeaf(keccak256('0x01'), wei)));
    const root = epochTop(earnings.root, receipts.root);
    const leaf = earningsLeaf('0x1111111111111111111111111111111111111111', 2n);
    expect(verifyProof({ root, leaf, proof: claimProof(earnings, 1, receipts.root) })).toBe(true);
    const receipt = receiptLeaf(keccak256('0x01'), 5n);
    expect(verifyProof({ root, leaf: receipt, proof: receiptProof(receipts, 1, earnings.root) })).toBe(true);
  });
});

describe('leaves', () => {
  it('packed in bulk are the same as one by one', () => {
    const account = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toHex(bytes));
    const entry = fc.record({ account, cumulativeWei: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }) });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (entries) => {
        const oneByOne = entries.map((item) => earningsLeaf(item.account, item.cumulativeWei).slice(2)).join('');
        expect(Buffer.from(packEarningsLeaves(entries)).toString('hex')).toBe(oneByOne);
      }),
    );
    const zero = `0x${'00'.repeat(20)}` as const;
    expect(() => packEarningsLeaves([{ account: zero, cumulativeWei: -1n }])).toThrow(RangeError);
    expect(() => packEarningsLeaves([{ account: zero, cumulativeWei: 2n ** 128n }])).toThrow(RangeError);
  });

  it('of receipts packed in bulk are the same as one by one', () => {
    const fees = fc.array(
      fc.record({
        hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
        feeWei: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      }),
    );
    fc.assert(
      fc.property(fees, (drawn) => {
        const receipts = drawn.map(({ hash, feeWei }) => ({ hash: toHex(hash), feeWei }));
        const packed = packReceiptLeaves(receipts);
        receipts.forEach(({ hash, feeWei }, i) => {
          expect(toHex(packed.subarray(32 * i, 32 * i + 32))).toBe(receiptLeaf(hash, feeWei));
        });
      }),
    );
    expect(() => packReceiptLeaves([{ hash: `0x${'00'.repeat(32)}`, feeWei: -1n }])).toThrow('fee 0 is not a uint128');
  });
  it('of different kinds never coincide, and an inner node is no leaf', () => {
    const content = keccak256('0x02');
    const kinds = [rowLeaf(content), receiptLeaf(content, 0n), earningsLeaf(`0x${content.slice(26)}`, 0n), content];
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(rowLeaf(content)).not.toBe(hashPair(content, content));
  });
});
