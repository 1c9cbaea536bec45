// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {GasTable} from "./support/GasTable.sol";
import {LedgerSetup} from "./support/LedgerSetup.sol";
import {PlainOpen} from "./support/Tokens.sol";
import {Tree} from "./support/Tree.sol";

contract GasLedgerTest is GasTable, LedgerSetup {
    PlainOpen private token;
    AttributionLedger private ledger;
    address private constant RECEIVER = address(0x9001);
    address private constant COURT = address(0xfe01);
    bytes32 private constant RECEIPTS = keccak256("receipts");

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new PlainOpen(address(this));
        ledger = _newLedger(token, 10_000 ether, 1_000 ether, COURT, address(0xfe02), address(0xfe03));
        token.approve(address(ledger), type(uint256).max);
        ledger.fund(1e24, "gas");
        ledger.postBond(10_000 ether);
    }

    function test_gas_submit_and_claim_at_a_million_leaves() public withinTargets {
        (bytes32 rootA, bytes32[] memory proofA) = _deep(RECEIVER, 1 ether);
        (bytes32 rootB, bytes32[] memory proofB) = _deep(RECEIVER, 2 ether);
        ledger.submit(0, rootA, RECEIPTS, 10 ether, URI);
        vm.warp(block.timestamp + 1 hours);
        ledger.submit(1, rootB, RECEIPTS, 20 ether, URI);
        _check("submit epoch", 86_000);
        vm.warp(block.timestamp + 1 days);
        // Somebody else has claimed before: the ledger's own words are not zero.
        (bytes32 rootC, bytes32[] memory proofC) = _deep(address(0x9002), 1 ether);
        ledger.submit(2, rootC, RECEIPTS, 20 ether, URI);
        vm.warp(block.timestamp + 1 days);
        ledger.claim(3, address(0x9002), 1 ether, proofC);
        ledger.claim(1, RECEIVER, 1 ether, proofA);
        _check("claim depth 20, first", 100_000);
        ledger.claim(2, RECEIVER, 2 ether, proofB);
        _check("claim depth 20, repeat", 65_000);
    }

    function test_gas_claim_many_16_first_time() public withinTargets {
        LedgerTypes.Claim[] memory rows = new LedgerTypes.Claim[](16);
        bytes32[] memory leaves = new bytes32[](16);
        for (uint256 i; i < 16; ++i) leaves[i] = Tree.leaf(address(uint160(0xa000 + i)), 1 ether);
        bytes32[] memory nodes = Tree.build(leaves);
        bytes32 root = nodes[0];
        bytes32[16] memory more; // sixteen further levels make the depth 20
        for (uint256 i; i < 16; ++i) {
            more[i] = keccak256(abi.encode("level", i));
            root = Hashes.commutativeKeccak256(root, more[i]);
        }
        for (uint256 i; i < 16; ++i) {
            bytes32[] memory short = Tree.proof(nodes, i, RECEIPTS);
            bytes32[] memory path = new bytes32[](21);
            for (uint256 k; k < 4; ++k) path[k] = short[k];
            for (uint256 k; k < 16; ++k) path[4 + k] = more[k];
            path[20] = RECEIPTS;
            rows[i] = LedgerTypes.Claim(1, address(uint160(0xa000 + i)), 1 ether, path);
        }
        ledger.submit(0, root, RECEIPTS, 16 ether, URI);
        vm.warp(block.timestamp + 1 days);
        ledger.claimMany(rows);
        uint256 used = vm.lastCallGas().gasTotalUsed / 16;
        _check("claimMany x16, first, each", used, 71_000);
    }

    function test_gas_disputes() public withinTargets {
        (bytes32 root, bytes32[] memory proof) = _deep(RECEIVER, 1 ether);
        ledger.submit(0, root, RECEIPTS, 10 ether, URI);
        vm.warp(block.timestamp + 1 hours);
        (bytes32 rootB, bytes32[] memory proofB) = _deep(RECEIVER, 0.5 ether);
        ledger.submit(1, rootB, RECEIPTS, 20 ether, URI);
        ledger.challenge(2, URI);
        _check("challenge", 105_000);
        vm.prank(COURT);
        ledger.resolve(2, false);
        ledger.proveConflict(1, 2, RECEIVER, 1 ether, proof, 0.5 ether, proofB);
        _check("proveConflict", 153_000);
    }

    /// @dev One leaf and twenty siblings: the shape of a tree of 1,048,576 leaves.
    function _deep(address account, uint256 amount) private pure returns (bytes32 root, bytes32[] memory proof) {
        proof = new bytes32[](21);
        root = Tree.leaf(account, amount);
        for (uint256 i; i < 20; ++i) {
            proof[i] = keccak256(abi.encode(account, amount, i));
            root = Hashes.commutativeKeccak256(root, proof[i]);
        }
        proof[20] = RECEIPTS;
    }
}
