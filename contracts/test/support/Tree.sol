// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @dev A complete binary tree in one array, root first, as OpenZeppelin's merkle-tree library keeps it. Small and slow.
library Tree {
    function build(bytes32[] memory leaves) internal pure returns (bytes32[] memory nodes) {
        uint256 n = leaves.length;
        nodes = new bytes32[](2 * n - 1);
        for (uint256 i; i < n; ++i) {
            nodes[2 * n - 2 - i] = leaves[i];
        }
        for (uint256 i = n - 1; i > 0; --i) {
            nodes[i - 1] = Hashes.commutativeKeccak256(nodes[2 * i - 1], nodes[2 * i]);
        }
    }

    /// @dev The proof of leaf `index`, followed by `last` (the ledger's receipts root).
    function proof(bytes32[] memory nodes, uint256 index, bytes32 last) internal pure returns (bytes32[] memory path) {
        uint256 start = nodes.length - 1 - index;
        uint256 depth;
        for (uint256 node = start; node > 0; node = (node - 1) / 2) ++depth;
        path = new bytes32[](depth + 1);
        uint256 k;
        for (uint256 node = start; node > 0; node = (node - 1) / 2) path[k++] = nodes[node % 2 == 1 ? node + 1 : node - 1];
        path[depth] = last;
    }

    function leaf(address account, uint256 cumulative) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
    }
}
