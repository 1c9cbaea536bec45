// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OpenToken} from "../src/OpenToken.sol";
import {ValidatorSet} from "../src/ValidatorSet.sol";
import {TermTree} from "../src/lib/TermTree.sol";
import {Std} from "./support/Std.sol";
import {PlainOpen} from "./support/Tokens.sol";
import {TurningOpen} from "./support/TurningOpen.sol";
import {ValidatorBase} from "./support/ValidatorBase.sol";

abstract contract ValidatorSetSuite is ValidatorBase {
    // ------------------------------------------------------------------------------------------------------- joining

    function test_register_needs_own_stake_and_the_signer_s_consent() public {
        ValidatorSet.Signature memory consent = _consent(_validator(0), 0);
        vm.prank(_validator(0));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorStakeTooLow.selector, 0, SELF));
        set.register(vm.addr(0x2000), consent, 0);
        vm.prank(RICH);
        pools.stake(_poolOf(0), SELF, _validator(0));
        vm.startPrank(_validator(0));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorSignerInvalid.selector, vm.addr(0x2001)));
        set.register(vm.addr(0x2001), consent, 0); // another's key
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorCommissionInvalid.selector, 2_001, 2_000));
        set.register(vm.addr(0x2000), consent, 2_001);
        set.register(vm.addr(0x2000), consent, 2_000);
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorKnown.selector, _validator(0)));
        set.register(vm.addr(0x2000), consent, 0);
        vm.stopPrank();
        assertTrue(set.isActive(_validator(0)), "active");
        assertEq(set.validatorOf(vm.addr(0x2000)), _validator(0), "signer");
    }

    function test_a_signer_stands_for_one_validator_for_ever() public {
        _join(0, SELF, 0, 0);
        vm.prank(RICH);
        pools.stake(_poolOf(1), SELF, _validator(1));
        ValidatorSet.Signature memory consent = _consent(_validator(1), 0); // the key consents to both
        vm.prank(_validator(1));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorSignerInvalid.selector, vm.addr(0x2000)));
        set.register(vm.addr(0x2000), consent, 0);
        ValidatorSet.Signature memory newKey = _consent(_validator(0), 9);
        vm.prank(_validator(0));
        set.setSigner(vm.addr(0x2009), newKey);
        assertEq(set.validatorOf(vm.addr(0x2000)), _validator(0), "the old key still stands for it");
        assertEq(set.validatorOf(vm.addr(0x2009)), _validator(0), "and the new");
    }

    function test_weights_hold_for_a_term() public {
        _join(0, SELF, 5 ether, 0);
        (uint96 current, uint96 next) = _weights(0);
        assertEq(current, 0, "not in this term");
        assertEq(next, SELF + 5 ether, "in the next");
        assertEq(set.totalWeight(), 0, "total too");
        _nextTerm();
        assertEq(set.totalWeight(), SELF + 5 ether, "now");
        vm.prank(RICH);
        pools.stake(_poolOf(0), 7 ether, BOB);
        set.sync(_validator(0));
        (current, next) = _weights(0);
        assertEq(current, SELF + 5 ether, "unmoved");
        assertEq(next, SELF + 12 ether, "from tomorrow");
        set.sync(_validator(0));
        (, next) = _weights(0);
        assertEq(next, SELF + 12 ether, "again changes nothing");
    }

    function test_resign_prune_and_slots_are_taken_again_in_the_next_term_only() public {
        _join(0, SELF, 0, 0);
        _join(1, SELF, 0, 0);
        _nextTerm();
        vm.prank(_validator(1));
        set.resign();
        assertTrue(!set.isActive(_validator(1)), "left");
        assertEq(set.totalWeight(), 2 * SELF, "its weight is in force until the term ends");
        (uint96 current, uint96 next) = _weights(1);
        assertEq(uint256(current) + next, 0, "not registered");
        _join(2, SELF, 0, 0);
        assertEq(set.slotsUsed(), 3, "the vacated slot still has weight");
        _nextTerm();
        _join(3, SELF, 0, 0);
        assertEq(set.slotsUsed(), 3, "taken again");
        assertEq(set.slots(2), _validator(3), "slot 2");
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorStillFit.selector, _validator(0)));
        set.prune(_validator(0));
        vm.prank(_validator(0));
        pools.unbond(_poolOf(0), 1);
        assertTrue(!set.isActive(_validator(0)), "a wei too little");
        set.prune(_validator(0));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorUnknown.selector, _validator(0)));
        set.prune(_validator(0));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorUnknown.selector, _validator(0)));
        set.sync(_validator(0));
    }

    function test_commission_falls_at_once_and_rises_a_point_a_week_also_for_who_comes_back() public {
        _join(0, SELF, 0, 500);
        vm.startPrank(_validator(0));
        uint256 free = block.timestamp + 7 days;
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorCommissionTooSoon.selector, free));
        set.setCommission(501);
        set.setCommission(300);
        vm.warp(free);
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorCommissionInvalid.selector, 401, 400));
        set.setCommission(401);
        set.setCommission(400);
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorCommissionTooSoon.selector, free + 7 days));
        set.setCommission(401);
        set.resign();
        vm.stopPrank();
        ValidatorSet.Signature memory consent = _consent(_validator(0), 0);
        vm.prank(_validator(0));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorCommissionTooSoon.selector, free + 7 days));
        set.register(vm.addr(0x2000), consent, 2_000);
        vm.prank(_validator(0));
        set.register(vm.addr(0x2000), consent, 400);
    }

    function testFuzz_distribute_rounds_the_commission_down(uint96 amount, uint16 bps) public {
        amount = uint96(bound(amount, 1, 1e24));
        bps = uint16(bound(bps, 0, 2_000));
        _join(0, SELF, SELF, bps);
        vm.prank(RICH);
        set.distribute(_validator(0), amount);
        uint256 commission = uint256(amount) * bps / 10_000;
        assertEq(token.balanceOf(_validator(0)), commission, "commission");
        assertEq(token.balanceOf(address(set)), 0, "nothing stays");
        vm.warp(block.timestamp + 7 days);
        uint256 earned = uint256(pools.rewardOf(_poolOf(0), _validator(0))) + pools.rewardOf(_poolOf(0), BOB);
        assertLe(earned, amount - commission, "the rest");
        assertLe(amount - commission, earned + 4, "to the stakers");
    }

    // ---------------------------------------------------------------------------------------------------------- tree

    function test_draw_follows_weight() public {
        _three();
        address[] memory drawn = set.draw("any seed", 100, [address(0), address(0), address(0)]);
        uint256[3] memory counts;
        for (uint256 i; i < 100; ++i) {
            for (uint256 k; k < 3; ++k) if (drawn[i] == _validator(k)) ++counts[k];
        }
        assertEq(counts[0] + counts[1] + counts[2], 100, "all seats");
        assertTrue(counts[0] < counts[1] && counts[1] < counts[2], "10, 30 and 60 %");
        assertTrue(counts[0] > 2 && counts[2] < 80, "and not one alone");
    }

    function test_draw_sets_apart_and_needs_weight() public {
        vm.expectRevert(ValidatorSet.ValidatorNone.selector);
        set.draw("seed", 7, [address(0), address(0), address(0)]);
        _three();
        address[] memory drawn = set.draw("seed", 15, [_validator(2), _validator(1), address(0)]);
        for (uint256 i; i < 15; ++i) assertTrue(drawn[i] == _validator(0) || drawn[i] == address(0), "set apart");
    }

    function _three() private {
        _join(0, SELF, 0, 0);
        _join(1, SELF, 2 * SELF, 0);
        _join(2, SELF, 5 * SELF, 0);
        _nextTerm();
    }

    function test_a_weight_that_stake_has_left_counts_only_for_what_is_there() public {
        _join(0, SELF, 0, 0);
        _join(1, SELF, 99 * SELF, 0);
        _nextTerm();
        (uint128 shares,,) = pools.positions(_poolOf(1), BOB);
        vm.prank(BOB);
        pools.unbond(_poolOf(1), shares); // after the weights were fixed, and nobody syncs
        uint256 stale;
        address[] memory drawn = set.draw("seed", 40, [address(0), address(0), address(0)]);
        for (uint256 i; i < 40; ++i) if (drawn[i] == _validator(1)) ++stale;
        assertTrue(stale < 8, "about 4 tries of 1 % each, not 99 %");
        vm.prank(_validator(1));
        pools.unbond(_poolOf(1), 1); // no longer fit at all
        drawn = set.draw("seed", 40, [address(0), address(0), address(0)]);
        for (uint256 i; i < 40; ++i) assertTrue(drawn[i] != _validator(1), "not fit");
    }

    // --------------------------------------------------------------------------------------------------------- faults

    function test_equivocation_costs_five_per_cent_and_pays_the_reporter_from_the_validator_s_own() public {
        _join(0, SELF, 9 * SELF, 0);
        vm.prank(_validator(0));
        pools.unbond(_poolOf(0), 4_000 ether); // what is leaving is at risk too
        ValidatorSet.Signature memory a = _verdict(0, "task", "yes");
        ValidatorSet.Signature memory b = _verdict(0, "task", "no");
        uint256 treasury = token.balanceOf(TREASURY);
        uint256 carol = token.balanceOf(CAROL);
        vm.prank(CAROL);
        uint96 taken = set.proveEquivocation("task", "yes", a, "no", b);
        assertEq(taken, 5_000 ether, "5 % of all");
        assertEq(token.balanceOf(CAROL) - carol, 250 ether, "half of the validator's own loss, not of the delegators'");
        assertEq(token.balanceOf(TREASURY) - treasury, 4_750 ether, "the rest");
        vm.expectRevert(ValidatorSet.ValidatorNoEquivocation.selector);
        set.proveEquivocation("task", "no", b, "yes", a); // once for a task
        a = _verdict(0, "other", "yes");
        b = _verdict(0, "other", "no");
        vm.prank(_validator(0));
        set.resign();
        assertTrue(set.proveEquivocation("other", "yes", a, "no", b) != 0, "leaving does not help");
    }

    function test_refusals_of_equivocation() public {
        _join(0, SELF, 0, 0);
        _join(1, SELF, 0, 0);
        ValidatorSet.Signature memory a = _verdict(0, "task", "yes");
        ValidatorSet.Signature memory b = _verdict(1, "task", "no");
        vm.expectRevert(ValidatorSet.ValidatorNoEquivocation.selector);
        set.proveEquivocation("task", "yes", a, "yes", a); // the same verdict twice
        vm.expectRevert(ValidatorSet.ValidatorNoEquivocation.selector);
        set.proveEquivocation("task", "yes", a, "no", b); // two validators
        b = _verdict(0, "another", "no");
        vm.expectRevert(ValidatorSet.ValidatorNoEquivocation.selector);
        set.proveEquivocation("task", "yes", a, "no", b); // two tasks
        a = _verdict(5, "task", "yes");
        b = _verdict(5, "task", "no");
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorUnknown.selector, vm.addr(0x2005)));
        set.proveEquivocation("task", "yes", a, "no", b); // nobody's key
    }

    function test_three_misses_are_a_week_in_jail_and_duty_takes_one_back() public {
        _join(0, SELF, 0, 0);
        _nextTerm();
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorForbidden.selector, address(this)));
        set.recordDuty(_validator(0), false);
        _duty(false);
        _duty(false);
        _duty(true);
        _duty(false);
        assertTrue(set.isActive(_validator(0)), "two");
        _duty(false);
        assertTrue(!set.isActive(_validator(0)), "three");
        (, uint96 next) = _weights(0);
        assertEq(next, 0, "drawn no more");
        set.sync(_validator(0));
        (, next) = _weights(0);
        assertEq(next, 0, "and sync does not help");
        vm.warp(block.timestamp + 7 days);
        set.sync(_validator(0));
        (, next) = _weights(0);
        assertEq(next, SELF, "back after a week");
        _duty(true); // none to take back
        assertTrue(set.isActive(_validator(0)), "still");
    }

    // ---------------------------------------------------------------------------------------------------------- tasks

    function test_a_task_from_request_to_fee() public {
        _join(0, SELF, 0, 1_000);
        _join(1, SELF, 0, 0);
        _join(2, SELF, 0, 0);
        bytes32 task = _request(3);
        bytes32 commitment = set.commitmentOf(task, _validator(0), "good", "salt");
        uint256 start = block.timestamp;
        vm.prank(_validator(0));
        set.commit(task, commitment);
        vm.prank(_validator(1));
        set.commit(task, commitment); // copies another's hash
        vm.prank(_validator(0));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorNotAsked.selector, task, _validator(0)));
        set.commit(task, commitment);
        vm.prank(_validator(0));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorOutOfPhase.selector, start + 1 days, start + 25 hours));
        set.reveal(task, "good", "salt"); // others may still commit
        vm.warp(start + 1 days);
        vm.prank(_validator(2));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorOutOfPhase.selector, 0, start + 1 days));
        set.commit(task, commitment);
        vm.prank(_validator(1));
        vm.expectRevert(ValidatorSet.ValidatorWrongReveal.selector);
        set.reveal(task, "good", "salt"); // the hash binds who committed
        vm.prank(_validator(0));
        set.reveal(task, "good", "salt");
        assertEq(token.balanceOf(_validator(0)), 1 ether, "commission of 10 ether");
        (ValidatorSet.Answer state, bytes32 verdict) = set.replies(task, _validator(0));
        assertTrue(state == ValidatorSet.Answer.Revealed && verdict == "good", "readable");
        _refunds(task, start + 25 hours);
    }

    function _refunds(bytes32 task, uint256 revealUntil) private {
        vm.expectRevert(
            abi.encodeWithSelector(ValidatorSet.ValidatorOutOfPhase.selector, revealUntil, type(uint40).max)
        );
        set.refund(task, _validator(1));
        vm.warp(revealUntil);
        vm.prank(_validator(1));
        vm.expectRevert();
        set.reveal(task, "good", "salt");
        uint256 before = token.balanceOf(RICH);
        set.refund(task, _validator(1)); // committed: a miss
        set.refund(task, _validator(2)); // never committed: none
        assertEq(token.balanceOf(RICH) - before, 20 ether, "both fees");
        assertEq(_misses(1), 1, "a miss");
        assertEq(_misses(2), 0, "no duty");
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorNotAsked.selector, task, _validator(1)));
        set.refund(task, _validator(1));
        vm.expectRevert(abi.encodeWithSelector(ValidatorSet.ValidatorNotAsked.selector, task, _validator(0)));
        set.refund(task, _validator(0));
        assertEq(token.balanceOf(address(set)), 0, "nothing stays");
    }

    function test_refusals_of_requests() public {
        _join(0, SELF, 0, 0);
        address[] memory asked = new address[](0);
        vm.startPrank(RICH);
        vm.expectRevert(ValidatorSet.ValidatorTaskInvalid.selector);
        set.request("subject", asked, 1);
        asked = new address[](17);
        vm.expectRevert(ValidatorSet.ValidatorTaskInvalid.selector);
        set.request("subject", asked, 1);
        asked = new address[](1);
        vm.expectRevert(ValidatorSet.ValidatorTaskInvalid.selector);
        set.request("subject", asked, 1); // no validator
        asked[0] = _validator(0);
        vm.expectRevert(ValidatorSet.ValidatorTaskInvalid.selector);
        set.request("subject", asked, 0);
        asked = new address[](2);
        asked[0] = asked[1] = _validator(0);
        vm.expectRevert(ValidatorSet.ValidatorTaskInvalid.selector);
        set.request("subject", asked, 1); // twice the same
    }

    function _request(uint256 count) private returns (bytes32 task) {
        address[] memory asked = new address[](count);
        for (uint256 i; i < count; ++i) asked[i] = _validator(i);
        vm.prank(RICH);
        return set.request("subject", asked, 10 ether);
    }

    function _duty(bool done) private {
        vm.prank(court);
        set.recordDuty(_validator(0), done);
    }

    function _misses(uint256 i) private view returns (uint8 misses) {
        (,,,, misses,) = set.validators(_validator(i));
    }
}

contract ValidatorSetPlainTest is ValidatorSetSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }
}

contract ValidatorSetOpenTokenTest is ValidatorSetSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new OpenToken(holder);
    }
}

/// @dev A token that begins to take a tax is refused wherever money comes in.
contract ValidatorSetTaxedTest is ValidatorBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new TurningOpen(holder);
    }

    function test_a_tax_is_refused() public {
        _join(0, SELF, 0, 0);
        TurningOpen(address(token)).turn();
        address[] memory asked = new address[](1);
        asked[0] = _validator(0);
        bytes memory refusal = abi.encodeWithSelector(ValidatorSet.ValidatorTokenNotExact.selector, 0.99 ether, 1 ether);
        vm.startPrank(RICH);
        vm.expectRevert(refusal);
        set.distribute(_validator(0), 1 ether);
        vm.expectRevert(refusal);
        set.request("subject", asked, 1 ether);
    }
}

/// @dev The tree against a plain array that keeps two values for each slot.
contract TermTreeTest is Std {
    using TermTree for TermTree.Tree;

    TermTree.Tree private tree;
    mapping(uint256 slot => uint96) private current;
    mapping(uint256 slot => uint96) private next;

    function testFuzz_sums_hold_in_every_term(uint256 seed) public {
        uint256 term = 1;
        for (uint256 i; i < 6; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (seed % 3 == 0) {
                term += 1 + (seed >> 8) % 3;
                for (uint256 k; k < 8; ++k) current[k] = next[k];
            }
            uint256 slot = (seed >> 16) % 8;
            next[slot] = uint96((seed >> 24) % 5 == 0 ? 0 : (seed >> 32) % 1e27);
            tree.set(_spread(slot), next[slot], term);
            _check(term);
        }
    }

    function _check(uint256 term) private view {
        uint256 sum;
        for (uint256 k; k < 8; ++k) {
            assertEq(tree.weightOf(_spread(k), term), current[k], "weight");
            assertEq(tree.pending(_spread(k)), next[k], "pending");
            if (current[k] != 0) {
                assertEq(tree.find(sum, term), _spread(k), "first of it");
                assertEq(tree.find(sum + current[k] - 1, term), _spread(k), "last of it");
            }
            sum += current[k];
        }
        assertEq(tree.total(term), sum, "total");
    }

    /// @dev Slots at both ends and in the middle of the tree, in ascending order.
    function _spread(uint256 k) private pure returns (uint256) {
        return k < 3 ? k : k < 5 ? 508 + k : 1016 + k;
    }
}
