// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {EarningsProof} from "../src/lib/EarningsProof.sol";
import {Std} from "./support/Std.sol";
import {Tree} from "./support/Tree.sol";

/// @dev Differential: our assembly against OpenZeppelin's Solidity.
contract EarningsProofTest is Std {
    function ours(bytes32[] calldata proof, bytes32 leaf) external pure returns (bytes32) {
        return EarningsProof.root(proof, leaf);
    }

    function theirs(bytes32[] calldata proof, bytes32 leaf) external pure returns (bytes32) {
        return MerkleProof.processProofCalldata(proof, leaf);
    }

    function testFuzz_root_equals_openzeppelins(bytes32[] calldata proof, bytes32 leaf) public view {
        assertEq(this.ours(proof, leaf), this.theirs(proof, leaf), "root");
    }

    function testFuzz_leaf_equals_the_standard_and_ignores_dirty_bits(uint256 account, uint256 cumulative) public pure {
        address clean = address(uint160(account));
        bytes32 standard = keccak256(bytes.concat(keccak256(abi.encode(clean, cumulative))));
        address dirty;
        assembly ("memory-safe") {
            dirty := account
        }
        assertEq(EarningsProof.leaf(dirty, cumulative), standard, "leaf");
    }

    function testFuzz_every_leaf_of_a_tree_is_proven(bytes32[] memory leaves, uint256 index, bytes32 last) public view {
        vm.assume(leaves.length != 0);
        index = bound(index, 0, leaves.length - 1);
        bytes32[] memory nodes = Tree.build(leaves);
        bytes32[] memory proof = Tree.proof(nodes, index, last);
        bytes32[] memory top = new bytes32[](1);
        top[0] = last;
        assertEq(this.ours(proof, leaves[index]), this.theirs(top, nodes[0]), "top");
    }

    function test_memory_is_left_alone() public view {
        bytes memory marker = "the free memory pointer and this text survive";
        bytes32 before = keccak256(marker);
        bytes32[] memory proof = new bytes32[](3);
        this.ours(proof, EarningsProof.leaf(address(this), 1));
        assertEq(keccak256(marker), before, "marker");
        uint256 zero;
        assembly ("memory-safe") {
            zero := mload(0x60)
        }
        assertEq(zero, 0, "zero slot");
    }
}
