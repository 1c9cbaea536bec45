// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {LedgerBase} from "./support/LedgerBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

contract AttributionLedgerDisputesTest is LedgerBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function setUp() public override {
        super.setUp();
        _fund(100 ether);
    }

    function test_challenge_freezes_it_and_later_ones_and_stops_submissions() public {
        uint32[3] memory ids = _three();
        _challenge(ids[1]);
        vm.warp(block.timestamp + 2 * WINDOW);
        _expectState(ids[0], LedgerTypes.State.Active);
        _expectState(ids[1], LedgerTypes.State.Frozen);
        _expectState(ids[2], LedgerTypes.State.Frozen);
        assertEq(ledger.claimableEpoch(), ids[0], "the one before");
        bytes32[] memory proof = _proof(ids[2], 0);
        vm.expectPartialRevert(LedgerTypes.LedgerEpochNotActive.selector);
        ledger.claim(ids[2], ALICE, 3 ether, proof);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerDisputed.selector, ids[1]));
        vm.prank(PUBLISHER);
        ledger.submit(ids[2], "root", RECEIPTS, 9 ether, "");
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerDisputed.selector, ids[1]));
        vm.prank(PUBLISHER);
        ledger.withdrawBond(1);
        assertEq(_claim(ids[0], ALICE, 1 ether), 1 ether, "claims on the earlier one go on");
    }

    function test_upheld_revokes_the_suffix_and_shares_the_bond() public {
        uint32[3] memory ids = _three();
        _challenge(ids[1]);
        uint256 treasuryBefore = token.balanceOf(TREASURY);
        _resolve(ids[1], true);
        _expectState(ids[0], LedgerTypes.State.Pending);
        _expectState(ids[1], LedgerTypes.State.Revoked);
        _expectState(ids[2], LedgerTypes.State.Revoked);
        assertEq(_bondOf(PUBLISHER), 0, "slashed");
        assertEq(_bondOf(CHALLENGER), BOND / 2 + STAKE, "half, rounded down, and the own bond back");
        assertEq(token.balanceOf(TREASURY) - treasuryBefore, BOND - BOND / 2, "the rest to the treasury");
        vm.prank(CHALLENGER);
        ledger.withdrawBond(BOND / 2 + STAKE);
        assertEq(token.balanceOf(CHALLENGER), 1e24 + BOND / 2, "withdrawn");
        assertEq(ledger.headEpoch(), ids[0], "head falls back");
        vm.prank(PUBLISHER);
        ledger.postBond(BOND);
        assertEq(_submit(2 ether, 0, 2 ether), ids[2] + 1, "ids are never reused");
    }

    function test_rejected_gives_everyone_a_fresh_window_and_the_bond_to_the_publisher() public {
        uint32[3] memory ids = _three();
        uint40 firstActiveAt = _activeAt(ids[0]);
        _challenge(ids[1]);
        vm.warp(block.timestamp + 3 hours);
        _resolve(ids[1], false);
        assertEq(_activeAt(ids[0]), firstActiveAt, "earlier ones keep their time");
        assertEq(_activeAt(ids[1]), block.timestamp + WINDOW, "fresh");
        assertEq(_activeAt(ids[2]), block.timestamp + WINDOW, "fresh");
        assertEq(_bondOf(PUBLISHER), BOND + STAKE, "bond to the publisher");
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerBondLocked.selector, _activeAt(ids[2])));
        vm.prank(PUBLISHER);
        ledger.withdrawBond(1);
        vm.warp(block.timestamp + WINDOW);
        assertEq(_claim(ids[2], ALICE, 3 ether), 3 ether, "claim");
    }

    function test_a_losing_challenger_pays_double_for_thirty_days() public {
        uint32[3] memory ids = _three();
        for (uint256 i; i < 3; ++i) {
            assertEq(ledger.challengeBondOf(CHALLENGER), STAKE * 2 ** i, "doubles");
            _challenge(ids[2]);
            _resolve(ids[2], false);
        }
        assertEq(_bondOf(PUBLISHER), BOND + 7 * STAKE, "all to the publisher");
        vm.warp(block.timestamp + 30 days);
        assertEq(ledger.challengeBondOf(CHALLENGER), STAKE, "forgiven");
    }

    function test_unresolved_dispute_fails_safe() public {
        uint32[3] memory ids = _three();
        _challenge(ids[1]);
        vm.warp(block.timestamp + 7 days - 1);
        vm.expectRevert(
            abi.encodeWithSelector(LedgerTypes.LedgerDisputeNotExpired.selector, block.timestamp + 1)
        );
        ledger.expire(ids[1]);
        vm.warp(block.timestamp + 1);
        ledger.expire(ids[1]);
        _expectState(ids[0], LedgerTypes.State.Active);
        _expectState(ids[1], LedgerTypes.State.Revoked);
        _expectState(ids[2], LedgerTypes.State.Revoked);
        assertEq(_bondOf(PUBLISHER), BOND, "nobody loses");
        assertEq(_bondOf(CHALLENGER), STAKE, "nobody loses");
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerNotChallenged.selector, ids[1]));
        ledger.expire(ids[1]);
        _submit(2 ether, 0, 2 ether);
    }

    function test_two_disputes_freeze_from_the_lowest() public {
        uint32[3] memory ids = _three();
        _challenge(ids[2]);
        assertEq(_frozenFrom(), ids[2], "third");
        _challenge(ids[0]);
        assertEq(_frozenFrom(), ids[0], "first");
        _resolve(ids[0], false);
        assertEq(_frozenFrom(), ids[2], "the other stays");
        _resolve(ids[2], true);
        assertEq(_frozenFrom(), 0, "none");
        _expectState(ids[1], LedgerTypes.State.Pending);
    }

    function test_cascade_returns_the_bonds_of_challengers_of_successors() public {
        uint32[3] memory ids = _three();
        _enrich(ALICE, 1e22);
        vm.prank(ALICE);
        ledger.challenge(ids[2], "");
        _challenge(ids[1]);
        _resolve(ids[1], true);
        assertEq(_bondOf(ALICE), STAKE, "returned");
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerNotChallenged.selector, ids[2]));
        vm.prank(COURT);
        ledger.resolve(ids[2], true);
    }

    function test_a_revoked_root_pays_nobody_when_later_ones_are_active() public {
        _fund(10 ether);
        uint32 stolen = _submit(1 ether, 0, 1 ether);
        bytes32[] memory proof = _proof(stolen, 0);
        vm.prank(GUARDIAN);
        ledger.veto(stolen);
        vm.warp(block.timestamp + SPACING);
        uint32 honest = _submit(0, 1 ether, 4 ether);
        vm.warp(block.timestamp + WINDOW);
        assertEq(_claim(honest, BOB, 1 ether), 1 ether, "the honest root pays");
        vm.expectRevert(
            abi.encodeWithSelector(LedgerTypes.LedgerEpochNotActive.selector, stolen, LedgerTypes.State.Revoked)
        );
        ledger.claim(stolen, ALICE, 1 ether, proof);
    }

    function test_veto_revokes_pending_epochs_only_and_only_by_the_guardian() public {
        uint32[3] memory ids = _three();
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerForbidden.selector, COURT));
        vm.prank(COURT);
        ledger.veto(ids[1]);
        _challenge(ids[2]);
        vm.prank(GUARDIAN);
        ledger.veto(ids[1]);
        _expectState(ids[2], LedgerTypes.State.Revoked);
        assertEq(_bondOf(CHALLENGER), STAKE, "challenger unharmed");
        assertEq(_bondOf(PUBLISHER), BOND, "publisher unharmed");
        vm.warp(block.timestamp + WINDOW);
        vm.expectPartialRevert(LedgerTypes.LedgerEpochNotPending.selector);
        vm.prank(GUARDIAN);
        ledger.veto(ids[0]);
    }

    function test_only_pending_epochs_are_challenged_once_and_judged_by_the_court() public {
        uint32[3] memory ids = _three();
        _challenge(ids[1]);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerAlreadyChallenged.selector, ids[1]));
        vm.prank(CHALLENGER);
        ledger.challenge(ids[1], "");
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerForbidden.selector, GUARDIAN));
        vm.prank(GUARDIAN);
        ledger.resolve(ids[1], true);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerNotChallenged.selector, ids[2]));
        vm.prank(COURT);
        ledger.resolve(ids[2], true);
        vm.warp(block.timestamp + WINDOW);
        vm.expectPartialRevert(LedgerTypes.LedgerEpochNotPending.selector);
        vm.prank(CHALLENGER);
        ledger.challenge(ids[0], "");
        vm.expectPartialRevert(LedgerTypes.LedgerEpochNotPending.selector);
        vm.prank(CHALLENGER);
        ledger.challenge(99, "");
    }

    function test_two_leaves_for_one_account_revoke_and_slash_without_a_judge() public {
        address[] memory who = new address[](2);
        uint96[] memory amounts = new uint96[](2);
        (who[0], who[1], amounts[0], amounts[1]) = (ALICE, ALICE, 1 ether, 2 ether);
        uint32 id = _submitAs(PUBLISHER, who, amounts, 3 ether);
        bytes32[] memory one = _proof(id, 0);
        bytes32[] memory two = _proof(id, 1);
        vm.expectRevert(LedgerTypes.LedgerNoConflict.selector);
        ledger.proveConflict(id, id, ALICE, 1 ether, one, 1 ether, one);
        vm.prank(CHALLENGER);
        ledger.proveConflict(id, id, ALICE, 1 ether, one, 2 ether, two);
        _expectState(id, LedgerTypes.State.Revoked);
        assertEq(_bondOf(PUBLISHER), 0, "slashed");
        assertEq(_bondOf(CHALLENGER), BOND / 2, "rewarded");
    }

    function test_a_cumulative_that_fell_revokes_the_later_epoch() public {
        uint32 first = _submit(2 ether, 0, 2 ether);
        vm.warp(block.timestamp + WINDOW);
        uint32 second = _submit(1 ether, 3 ether, 4 ether);
        bytes32[] memory a = _proof(first, 0);
        bytes32[] memory b = _proof(second, 0);
        vm.expectPartialRevert(LedgerTypes.LedgerProofInvalid.selector);
        ledger.proveConflict(first, second, ALICE, 3 ether, a, 1 ether, b);
        vm.expectPartialRevert(LedgerTypes.LedgerEpochNotPending.selector);
        ledger.proveConflict(second, first, ALICE, 1 ether, b, 2 ether, a);
        vm.prank(CHALLENGER);
        ledger.proveConflict(first, second, ALICE, 2 ether, a, 1 ether, b);
        _expectState(second, LedgerTypes.State.Revoked);
        assertEq(_claim(first, ALICE, 2 ether), 2 ether, "what was active stays");
    }

    function test_an_active_epoch_is_out_of_reach_of_conflicts() public {
        uint32 first = _submit(2 ether, 0, 2 ether);
        vm.warp(block.timestamp + WINDOW);
        uint32 second = _submit(1 ether, 3 ether, 4 ether);
        vm.warp(block.timestamp + WINDOW);
        bytes32[] memory a = _proof(first, 0);
        bytes32[] memory b = _proof(second, 0);
        vm.expectPartialRevert(LedgerTypes.LedgerEpochNotPending.selector);
        ledger.proveConflict(first, second, ALICE, 2 ether, a, 1 ether, b);
    }

    /// @dev An honest growth can never be made to look like a conflict.
    function testFuzz_growth_is_no_conflict(uint96 before, uint96 growth) public {
        before = uint96(bound(before, 0, 40 ether));
        growth = uint96(bound(growth, 0, 40 ether));
        uint32 first = _submit(before, 0, before);
        vm.warp(block.timestamp + SPACING);
        uint32 second = _submit(before + growth, 0, before + growth);
        bytes32[] memory a = _proof(first, 0);
        bytes32[] memory b = _proof(second, 0);
        vm.expectRevert(LedgerTypes.LedgerNoConflict.selector);
        ledger.proveConflict(first, second, ALICE, before, a, before + growth, b);
    }

    function test_an_unchanged_cumulative_is_no_conflict() public {
        uint32 first = _submit(2 ether, 0, 2 ether);
        vm.warp(block.timestamp + SPACING);
        uint32 second = _submit(2 ether, 0, 2 ether);
        bytes32[] memory a = _proof(first, 0);
        bytes32[] memory b = _proof(second, 0);
        vm.expectRevert(LedgerTypes.LedgerNoConflict.selector);
        ledger.proveConflict(first, second, ALICE, 2 ether, a, 2 ether, b);
    }

    /// @dev A revoked epoch was wrong: an honest successor with less for somebody must not be slashed by it.
    function test_a_revoked_epoch_proves_nothing_against_later_ones() public {
        uint32 wrong = _submit(9 ether, 0, 9 ether);
        vm.prank(GUARDIAN);
        ledger.veto(wrong);
        uint32 honest = _submit(2 ether, 0, 2 ether);
        bytes32[] memory a = _proof(wrong, 0);
        bytes32[] memory b = _proof(honest, 0);
        vm.expectRevert(LedgerTypes.LedgerNoConflict.selector);
        ledger.proveConflict(wrong, honest, ALICE, 9 ether, a, 2 ether, b);
    }

    function test_a_challengers_reward_is_no_publishers_bond_until_posted() public {
        uint32[3] memory ids = _three();
        vm.prank(PUBLISHER);
        ledger.postBond(2 * BOND);
        for (uint256 i; i < 2; ++i) {
            _challenge(ids[2 - i]);
            _resolve(ids[2 - i], true);
        }
        assertLe(BOND, _bondOf(CHALLENGER), "enough money");
        uint32 head = ledger.headEpoch();
        vm.expectPartialRevert(LedgerTypes.LedgerBondTooLow.selector);
        vm.prank(CHALLENGER);
        ledger.submit(head, "root", RECEIPTS, 5 ether, "");
        vm.startPrank(CHALLENGER);
        ledger.postBond(0);
        ledger.submit(head, "root", RECEIPTS, 5 ether, "");
    }

    /// @dev Repeated rejections keep epochs pending beyond the spacing rule; the hard cap then holds.
    function test_the_number_of_pending_epochs_is_capped() public {
        for (uint256 round; round < 3; ++round) {
            for (uint256 i; i < 23; ++i) {
                uint32 head = ledger.headEpoch();
                vm.prank(PUBLISHER);
                try ledger.submit(head, "root", RECEIPTS, 1 ether, "") {} catch {}
                if (i < 22) vm.warp(block.timestamp + SPACING);
            }
            if (round == 2) break;
            uint32 first = _firstPending();
            _challenge(first);
            _resolve(first, false);
            vm.warp(block.timestamp + SPACING);
        }
        uint256 pending;
        for (uint32 id = 1; id <= ledger.headEpoch(); ++id) {
            if (ledger.stateOf(id) == LedgerTypes.State.Pending) ++pending;
        }
        assertLe(pending, ledger.MAX_PENDING(), "cap");
        assertEq(pending, ledger.MAX_PENDING(), "reached");
        uint32 newest = ledger.headEpoch();
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerTooManyPending.selector, 48));
        vm.prank(PUBLISHER);
        ledger.submit(newest, "root", RECEIPTS, 1 ether, "");
        vm.warp(block.timestamp + WINDOW);
        vm.prank(PUBLISHER);
        ledger.submit(newest, "root", RECEIPTS, 1 ether, "");
    }

    function _firstPending() private view returns (uint32 id) {
        for (id = 1; ledger.stateOf(id) != LedgerTypes.State.Pending; ++id) {}
    }

    /// @dev Three pending epochs, an hour apart: ALICE has 1, 2, 3 ether.
    function _three() private returns (uint32[3] memory ids) {
        for (uint96 i; i < 3; ++i) {
            if (i != 0) vm.warp(block.timestamp + SPACING);
            ids[i] = _submit((i + 1) * 1 ether, 0, (i + 1) * 1 ether);
        }
    }
}
