// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TermTree: weights to draw from, which hold for a whole term
/// @notice
/// PURPOSE      A binary tree of sums over 1,024 slots. A weight that is set in one term holds from the next, so whoever
///              learns a seed within a term cannot move a weight that it will be used with. Setting and drawing touch eleven
///              nodes, however many slots are taken.
/// UNITS        Weights in wei as uint96; a sum of all fits because it is of one token.
/// CANNOT HAPPEN  A node whose value in a term differs from the sum of its children's in that term.
library TermTree {
    /// @dev One slot. `next` was set in `term`; before it `current` held.
    struct Node {
        uint96 current;
        uint96 next;
        uint64 term;
    }

    struct Tree {
        mapping(uint256 node => Node) nodes;
    }

    uint256 internal constant SLOTS = 1024;

    /// @dev The weight of `slot` that holds from the term after `term` on, if nothing changes.
    function pending(Tree storage tree, uint256 slot) internal view returns (uint96) {
        return tree.nodes[SLOTS + slot].next;
    }

    function valueIn(Tree storage tree, uint256 node, uint256 term) internal view returns (uint96) {
        Node memory n = tree.nodes[node];
        return n.term < term ? n.next : n.current;
    }

    function total(Tree storage tree, uint256 term) internal view returns (uint96) {
        return valueIn(tree, 1, term);
    }

    function weightOf(Tree storage tree, uint256 slot, uint256 term) internal view returns (uint96) {
        return valueIn(tree, SLOTS + slot, term);
    }

    /// @dev Sets what `slot` weighs from the next term on.
    function set(Tree storage tree, uint256 slot, uint96 weight, uint256 term) internal {
        uint96 before = pending(tree, slot);
        if (before == weight) return;
        for (uint256 node = SLOTS + slot; node != 0; node >>= 1) {
            Node memory n = tree.nodes[node];
            if (n.term < term) (n.current, n.term) = (n.next, uint64(term));
            n.next = n.next - before + weight;
            tree.nodes[node] = n;
        }
    }

    /// @dev The slot that `point`, below the term's total, falls into.
    function find(Tree storage tree, uint256 point, uint256 term) internal view returns (uint256) {
        uint256 node = 1;
        while (node < SLOTS) {
            node <<= 1;
            uint256 left = valueIn(tree, node, term);
            if (point >= left) {
                point -= left;
                ++node;
            }
        }
        return node - SLOTS;
    }
}
