// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {LedgerAccounts} from "../src/lib/LedgerAccounts.sol";
import {OpenToken} from "../src/OpenToken.sol";
import {LedgerBase} from "./support/LedgerBase.sol";
import {PlainOpen, TaxedOpen} from "./support/Tokens.sol";
import {Tree} from "./support/Tree.sol";

/// @dev Funding, submitting and claiming; disputes are in AttributionLedgerDisputes.t.sol.
abstract contract AttributionLedgerSuite is LedgerBase {
    function test_funding_counts_and_names_its_source() public {
        vm.expectEmit(true, true, false, true);
        emit LedgerTypes.Funded(RICH, "test", 5 ether, 5 ether);
        _fund(5 ether);
        (uint96 funded,,,) = ledger.totals();
        assertEq(funded, 5 ether, "funded");
    }

    function test_submit_needs_a_bond_posted_as_publisher() public {
        _fund(1 ether);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerBondTooLow.selector, 0, BOND));
        vm.prank(RICH);
        ledger.submit(0, "root", RECEIPTS, 1 ether, "");
        vm.startPrank(RICH);
        ledger.postBond(BOND - 1);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerBondTooLow.selector, BOND - 1, BOND));
        ledger.submit(0, "root", RECEIPTS, 1 ether, "");
        ledger.postBond(1);
        ledger.submit(0, "root", RECEIPTS, 1 ether, "");
    }

    function testFuzz_total_must_be_funded(uint96 funded, uint96 total) public {
        funded = uint96(bound(funded, 0, 1e24));
        total = uint96(bound(total, 0, 2e24));
        _fund(funded);
        if (total > funded) {
            vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerTotalNotFunded.selector, total, funded));
        }
        vm.prank(PUBLISHER);
        ledger.submit(0, "root", RECEIPTS, total, "");
    }

    function test_total_never_falls_and_epochs_keep_their_distance() public {
        _fund(10 ether);
        _submit(5 ether, 0, 5 ether);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerTooSoon.selector, block.timestamp + SPACING));
        vm.prank(PUBLISHER);
        ledger.submit(1, "root", RECEIPTS, 6 ether, "");
        vm.warp(block.timestamp + SPACING);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerTotalFell.selector, 5 ether, 5 ether - 1));
        vm.prank(PUBLISHER);
        ledger.submit(1, "root", RECEIPTS, 5 ether - 1, "");
        assertEq(_submit(5 ether, 0, 5 ether), 2, "an equal total is fine");
    }

    function test_a_publisher_must_name_the_head_it_built_upon() public {
        _fund(10 ether);
        _submit(1 ether, 0, 1 ether);
        vm.warp(block.timestamp + SPACING);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerNotHead.selector, 1, 0));
        vm.prank(PUBLISHER);
        ledger.submit(0, "root", RECEIPTS, 2 ether, "");
    }

    function testFuzz_an_epoch_activates_by_clock_alone(uint256 wait) public {
        wait = bound(wait, 0, 2 days);
        _fund(3 ether);
        uint32 id = _submit(2 ether, 1 ether, 3 ether);
        vm.warp(block.timestamp + wait);
        bool active = wait >= WINDOW;
        assertEq(ledger.claimableEpoch(), active ? id : 0, "claimable");
        bytes32[] memory proof = _proof(id, 0);
        if (!active) vm.expectPartialRevert(LedgerTypes.LedgerEpochNotActive.selector);
        ledger.claim(id, ALICE, 2 ether, proof);
        assertEq(token.balanceOf(ALICE), active ? 2 ether : 0, "paid");
    }

    function testFuzz_claim_pays_the_difference_only(uint96[5] calldata steps) public {
        uint96 cumulative;
        uint96 paid;
        for (uint256 i; i < 5; ++i) {
            uint96 step = uint96(bound(steps[i], 1, 1e22));
            cumulative += step;
            _fund(step);
            uint32 id = _submit(cumulative, 0, cumulative);
            vm.warp(block.timestamp + WINDOW);
            if (i % 2 == 1) continue; // Skipped epochs are paid by the next claim.
            assertEq(_claim(id, ALICE, cumulative), cumulative - paid, "difference");
            paid = cumulative;
            bytes32[] memory proof = _proof(id, 0);
            vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerNothingToClaim.selector, ALICE));
            ledger.claim(id, ALICE, cumulative, proof);
            assertEq(token.balanceOf(ALICE), paid, "balance");
        }
    }

    function testFuzz_wrong_leaves_are_refused(address account, uint96 cumulative, bytes32 receipts) public {
        _fund(3 ether);
        uint32 id = _submit(2 ether, 1 ether, 3 ether);
        vm.warp(block.timestamp + WINDOW);
        vm.assume(account != ALICE || cumulative != 2 ether);
        bytes32[] memory proof = _proof(id, 0);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerProofInvalid.selector, id, account));
        ledger.claim(id, account, cumulative, proof);
        vm.assume(receipts != RECEIPTS);
        proof[proof.length - 1] = receipts;
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerProofInvalid.selector, id, ALICE));
        ledger.claim(id, ALICE, 2 ether, proof);
    }

    /// @dev Second pre-image: an inner node is 64 bytes like (address, uint256), but leaves are hashed twice.
    function test_an_inner_node_is_no_leaf() public {
        _fund(3 ether);
        uint32 id = _submit(2 ether, 1 ether, 3 ether);
        vm.warp(block.timestamp + WINDOW);
        bytes32[] memory short = new bytes32[](1);
        short[0] = RECEIPTS;
        bytes32 a = trees[id][1];
        bytes32 b = trees[id][2];
        address account = address(uint160(uint256(a < b ? a : b)));
        vm.expectPartialRevert(LedgerTypes.LedgerProofInvalid.selector);
        ledger.claim(id, account, uint96(uint256(a < b ? b : a)), short);
    }

    function test_old_proofs_stay_good_and_omission_takes_nothing_away() public {
        _fund(10 ether);
        uint32 first = _submit(2 ether, 1 ether, 3 ether);
        vm.warp(block.timestamp + WINDOW);
        uint32 second = _submit(9 ether, 0, 10 ether); // BOB omitted, total honest
        vm.warp(block.timestamp + WINDOW);
        _claim(second, ALICE, 9 ether);
        assertEq(_claim(first, BOB, 1 ether), 1 ether, "from the old root, although its own total is exceeded");
        bytes32[] memory proof = _proof(first, 0);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerNothingToClaim.selector, ALICE));
        ledger.claim(first, ALICE, 2 ether, proof);
    }

    function test_older_roots_are_covered_by_the_newest_active_total() public {
        _fund(10 ether);
        uint32 first = _submit(2 ether, 1 ether, 2 ether); // its leaves sum to more than its total
        vm.warp(block.timestamp + WINDOW);
        _submit(2 ether, 1 ether, 3 ether);
        vm.warp(block.timestamp + WINDOW);
        assertEq(_claim(first, ALICE, 2 ether), 2 ether, "within its own total");
        assertEq(_claim(first, BOB, 1 ether), 1 ether, "the second total allows it, although nobody claimed by it");
    }

    function test_inflated_leaf_cannot_exceed_declared_total() public {
        _fund(100 ether);
        uint32 id = _submit(50 ether, 1 ether, 3 ether);
        vm.warp(block.timestamp + WINDOW);
        bytes32[] memory proof = _proof(id, 0);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerOverTotal.selector, 50 ether, 3 ether));
        ledger.claim(id, ALICE, 50 ether, proof);
        _claim(id, BOB, 1 ether);
    }

    function test_claim_many_skips_what_is_done_and_stops_at_a_fault() public {
        _fund(10 ether);
        uint32 first = _submit(2 ether, 1 ether, 3 ether);
        vm.warp(block.timestamp + WINDOW);
        uint32 second = _submit(5 ether, 4 ether, 9 ether);
        vm.warp(block.timestamp + WINDOW);
        LedgerTypes.Claim[] memory rows = new LedgerTypes.Claim[](4);
        rows[0] = LedgerTypes.Claim(first, ALICE, 2 ether, _proof(first, 0));
        rows[1] = LedgerTypes.Claim(second, ALICE, 5 ether, _proof(second, 0));
        rows[2] = LedgerTypes.Claim(first, ALICE, 2 ether, _proof(first, 0));
        rows[3] = LedgerTypes.Claim(second, BOB, 4 ether, _proof(second, 1));
        assertEq(ledger.claimMany(rows), 9 ether, "sum");
        assertEq(ledger.claimMany(rows), 0, "again: nothing");
        assertEq(token.balanceOf(ALICE) + token.balanceOf(BOB), 9 ether, "paid");
        rows[3].cumulative = 5 ether;
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerProofInvalid.selector, second, BOB));
        ledger.claimMany(rows);
    }

    function test_bond_is_locked_until_the_last_epoch_is_active() public {
        _fund(3 ether);
        uint32 id = _submit(2 ether, 1 ether, 3 ether);
        vm.startPrank(PUBLISHER);
        vm.warp(_activeAt(id) - 1);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerBondLocked.selector, _activeAt(id)));
        ledger.withdrawBond(1);
        vm.warp(_activeAt(id));
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerBondTooLow.selector, BOND, BOND + 1));
        ledger.withdrawBond(BOND + 1);
        ledger.withdrawBond(BOND);
        assertEq(token.balanceOf(PUBLISHER), 1e24, "all back");
        vm.stopPrank();
        assertEq(_claim(id, ALICE, 2 ether), 2 ether, "the epoch stays");
    }

    function test_at_most_24_epochs_pend_in_one_window() public {
        _fund(10 ether);
        for (uint256 i; i < 30; ++i) {
            _submit(1 ether, 0, 1 ether);
            vm.warp(block.timestamp + SPACING);
        }
        uint256 pending;
        for (uint32 id = 1; id <= 30; ++id) {
            if (ledger.stateOf(id) == LedgerTypes.State.Pending) ++pending;
        }
        assertLe(pending, 24, "pending");
    }
}

contract AttributionLedgerPlainTest is AttributionLedgerSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function test_fee_on_transfer_is_refused() public {
        TaxedOpen taxed = new TaxedOpen(RICH);
        AttributionLedger other = _newLedger(taxed, BOND, STAKE, COURT, GUARDIAN, TREASURY);
        vm.startPrank(RICH);
        taxed.approve(address(other), 200 ether);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerTokenNotExact.selector, 99 ether, 100 ether));
        other.fund(100 ether, 0);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerTokenNotExact.selector, 99 ether, 100 ether));
        other.postBond(100 ether);
    }

    function test_configuration_is_bounded() public {
        new AttributionLedger(_ledgerConfig(token, BOND, STAKE, COURT, GUARDIAN, TREASURY));
        for (uint256 i; i < 9; ++i) {
            AttributionLedger.Config memory bad = _ledgerConfig(token, BOND, STAKE, COURT, GUARDIAN, TREASURY);
            if (i == 0) bad.window = 23;
            if (i == 1) bad.window = 7 days + 1;
            if (i == 2) bad.disputeTimeout = 0;
            if (i == 3) bad.publisherBond = 0;
            if (i == 4) bad.challengeBond = 0;
            if (i == 5) bad.treasury = address(0);
            if (i == 6) bad.recipientDelay = 30 days + 1;
            if (i == 7) bad.rotationDelay = 0;
            if (i == 8) bad.rotationDelay = 30 days + 1;
            vm.expectRevert(LedgerAccounts.LedgerConfigInvalid.selector);
            new AttributionLedger(bad);
        }
    }

    function test_leaf_is_openzeppelins() public view {
        assertEq(ledger.leafOf(ALICE, 7), Tree.leaf(ALICE, 7), "leaf");
    }
}

contract AttributionLedgerOpenTokenTest is AttributionLedgerSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new OpenToken(holder);
    }
}
