// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LedgerTypes} from "../../src/lib/LedgerTypes.sol";
import {AttributionLedger} from "../../src/AttributionLedger.sol";
import {Directory} from "../../src/Directory.sol";
import {LedgerSetup} from "./LedgerSetup.sol";
import {Tree} from "./Tree.sol";

/// @dev A ledger over any token, a bonded publisher, and trees kept per epoch so that every leaf can be proven.
abstract contract LedgerBase is LedgerSetup {
    IERC20 internal token;
    AttributionLedger internal ledger;
    Directory internal directory;
    address internal constant RICH = address(0x8000);
    address internal constant PUBLISHER = address(0x8001);
    address internal constant CHALLENGER = address(0x8002);
    address internal constant COURT = address(0x8003);
    address internal constant GUARDIAN = address(0x8004);
    address internal constant TREASURY = address(0x8005);
    address internal constant ALICE = address(0x8101);
    address internal constant BOB = address(0x8102);
    uint96 internal constant BOND = 10_000 ether + 1; // odd, so that halves must be rounded
    uint96 internal constant STAKE = 1_000 ether;
    uint40 internal constant WINDOW = 1 days;
    uint40 internal constant SPACING = 1 hours;
    bytes32 internal constant RECEIPTS = keccak256("receipts");

    /// @dev Per epoch: the nodes of its earnings tree.
    mapping(uint32 => bytes32[]) internal trees;

    function _newToken(address holder) internal virtual returns (IERC20);

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = _newToken(RICH);
        ledger = _newLedger(token, BOND, STAKE, COURT, GUARDIAN, TREASURY);
        directory = Directory(address(ledger.directory()));
        _enrich(RICH, 0);
        _enrich(PUBLISHER, 1e24);
        _enrich(CHALLENGER, 1e24);
        vm.prank(PUBLISHER);
        ledger.postBond(BOND);
    }

    function _enrich(address who, uint256 amount) internal {
        if (amount != 0) {
            vm.prank(RICH);
            token.transfer(who, amount);
        }
        vm.prank(who);
        token.approve(address(ledger), type(uint256).max);
    }

    function _fund(uint96 amount) internal {
        vm.prank(RICH);
        ledger.fund(amount, "test");
    }

    /// @dev Submits an epoch that gives ALICE and BOB these cumulative amounts.
    function _submit(uint96 alice, uint96 bob, uint96 total) internal returns (uint32 id) {
        address[] memory who = new address[](2);
        uint96[] memory amounts = new uint96[](2);
        (who[0], who[1], amounts[0], amounts[1]) = (ALICE, BOB, alice, bob);
        return _submitAs(PUBLISHER, who, amounts, total);
    }

    function _submitAs(address publisher, address[] memory who, uint96[] memory amounts, uint96 total)
        internal
        returns (uint32 id)
    {
        bytes32[] memory leaves = new bytes32[](who.length);
        for (uint256 i; i < who.length; ++i) leaves[i] = Tree.leaf(who[i], amounts[i]);
        bytes32[] memory nodes = Tree.build(leaves);
        uint32 head = ledger.headEpoch();
        vm.prank(publisher);
        id = ledger.submit(head, nodes[0], RECEIPTS, total, "ipfs://epoch");
        trees[id] = nodes;
    }

    /// @dev The proof of the `index`th account of epoch `id`.
    function _proof(uint32 id, uint256 index) internal view returns (bytes32[] memory) {
        return Tree.proof(trees[id], index, RECEIPTS);
    }

    function _claim(uint32 id, address account, uint96 cumulative) internal returns (uint96) {
        return ledger.claim(id, account, cumulative, _proof(id, account == ALICE ? 0 : 1));
    }

    function _challenge(uint32 id) internal {
        vm.prank(CHALLENGER);
        ledger.challenge(id, "ipfs://evidence");
    }

    function _resolve(uint32 id, bool upheld) internal {
        vm.prank(COURT);
        ledger.resolve(id, upheld);
    }

    function _expectState(uint32 id, LedgerTypes.State state) internal view {
        assertEq(uint256(ledger.stateOf(id)), uint256(state), "state");
    }

    function _bondOf(address who) internal view returns (uint96 amount) {
        (amount,) = ledger.bonds(who);
    }

    function _activeAt(uint32 id) internal view returns (uint40 activeAt) {
        (,, activeAt,,,,,) = ledger.epochs(id);
    }

    function _frozenFrom() internal view returns (uint32 frozenFrom) {
        (,,, frozenFrom) = ledger.totals();
    }
}
