// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Params} from "../src/Params.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {Std} from "./support/Std.sol";

contract ParamsTest is Std {
    Params private params;
    address private constant FAST = address(0x4002);
    bytes32 private constant FEE = ParamKeys.PROTOCOL_FEE_BPS;
    bytes32 private constant MATCH = ParamKeys.MATCH_BPS;

    function setUp() public {
        vm.warp(1_800_000_000);
        params = new Params(FAST, 1);
    }

    function test_every_key_starts_within_its_bounds() public view {
        bytes32[9] memory keys = _keys();
        for (uint256 i; i < keys.length; ++i) {
            Params.Bounds memory b = params.boundsOf(keys[i]);
            assertLe(b.min, b.start, "min");
            assertLe(b.start, b.max, "max");
            assertEq(params.valueOf(keys[i]), b.start, "start");
        }
        assertLe(params.valueOf(MATCH), params.valueOf(FEE), "match within fee");
    }

    function test_the_bounds_are_those_of_the_protocol() public view {
        assertEq(params.boundsOf(FEE).max, 1_000, "fee");
        assertEq(params.boundsOf(ParamKeys.CHALLENGE_BOND_WEI).max, 1e6 ether, "bond");
        assertEq(params.boundsOf(ParamKeys.UNBONDING_SECONDS).min, 3 days, "unbonding");
        assertEq(params.boundsOf(ParamKeys.UNBONDING_SECONDS).max, 30 days, "unbonding");
        assertEq(params.boundsOf(ParamKeys.SLASH_EVENT_BPS).max, 3_000, "slash");
        assertEq(params.boundsOf(ParamKeys.SLASH_MONTH_BPS).max, 5_000, "slash");
        uint256 rebuttal = params.boundsOf(ParamKeys.REBUTTAL_SECONDS).max;
        assertLe(rebuttal, params.boundsOf(ParamKeys.UNBONDING_SECONDS).min, "a rebuttal ends before an unbonding");
    }

    function testFuzz_a_value_outside_its_bounds_is_refused(uint8 which, uint256 value) public {
        bytes32 key = _keys()[which % 9];
        Params.Bounds memory b = params.boundsOf(key);
        bool outside = value < b.min || value > b.max;
        if (outside) vm.expectRevert(abi.encodeWithSelector(Params.ParamOutOfBounds.selector, key, value, b.min, b.max));
        else if (key == MATCH && value > 500) vm.expectPartialRevert(Params.ParamMatchAboveFee.selector);
        else if (key == FEE && value < 250) vm.expectPartialRevert(Params.ParamMatchAboveFee.selector);
        vm.prank(FAST);
        params.set(key, value, 0);
    }

    function testFuzz_a_change_holds_from_a_later_epoch_on(uint256 value, uint256 notBefore, uint256 wait) public {
        value = bound(value, 250, 1_000);
        wait = bound(wait, 0, 40 days);
        uint256 now_ = params.epoch();
        notBefore = bound(notBefore, 0, now_ + 30);
        vm.prank(FAST);
        params.set(FEE, value, notBefore);
        uint256 effective = notBefore > now_ + 1 ? notBefore : now_ + 1;
        (uint256 current, uint256 next, uint256 effectiveEpoch) = params.announced(FEE);
        assertEq(current, 500, "current");
        assertEq(next, value, "next");
        assertEq(effectiveEpoch, effective, "effective");
        assertEq(params.valueOf(FEE), 500, "never within the epoch of the change");
        vm.warp(block.timestamp + wait);
        assertEq(params.valueOf(FEE), params.epoch() >= effective ? value : 500, "by clock");
    }

    function test_a_second_announcement_replaces_a_pending_one_and_keeps_one_that_holds() public {
        vm.startPrank(FAST);
        params.set(FEE, 600, 0);
        params.set(FEE, 700, 0);
        assertEq(params.valueOf(FEE), 500, "neither yet");
        vm.warp(block.timestamp + 1 days);
        assertEq(params.valueOf(FEE), 700, "the second");
        params.set(FEE, 800, 0);
        assertEq(params.valueOf(FEE), 700, "still the second");
    }

    /// @dev Invariant 13 over sequences of announcements: at no later time is the match above the fee.
    function testFuzz_match_never_exceeds_fee(uint256 seed) public {
        for (uint256 i; i < 12; ++i) {
            uint256 word = uint256(keccak256(abi.encode(seed, i)));
            bytes32 key = word & 1 == 0 ? FEE : MATCH;
            uint256 later = params.epoch() + (word >> 8) % 5;
            vm.prank(FAST);
            try params.set(key, (word >> 16) % 1_001, later) {} catch {}
            vm.warp(block.timestamp + (word >> 32) % 2 days);
            assertLe(params.valueOf(MATCH), params.valueOf(FEE), "now");
        }
        for (uint256 i; i < 8; ++i) {
            vm.warp(block.timestamp + 1 days);
            assertLe(params.valueOf(MATCH), params.valueOf(FEE), "later");
        }
    }

    function test_the_match_may_follow_the_fee_down_and_not_lead_it_up() public {
        vm.startPrank(FAST);
        vm.expectRevert(abi.encodeWithSelector(Params.ParamMatchAboveFee.selector, 250, 200));
        params.set(FEE, 200, 0);
        params.set(MATCH, 100, 0);
        vm.expectRevert(abi.encodeWithSelector(Params.ParamMatchAboveFee.selector, 250, 200));
        params.set(FEE, 200, 0); // the old match still holds today
        vm.warp(block.timestamp + 1 days);
        params.set(FEE, 200, 0);
        vm.warp(block.timestamp + 1 days);
        params.set(FEE, 900, 0);
        vm.expectRevert(abi.encodeWithSelector(Params.ParamMatchAboveFee.selector, 800, 200));
        params.set(MATCH, 800, 0); // the new fee does not hold yet
    }

    function testFuzz_only_the_authority_sets(address stranger) public {
        vm.assume(stranger != FAST);
        vm.expectRevert(abi.encodeWithSelector(Params.ParamForbidden.selector, stranger));
        vm.prank(stranger);
        params.set(FEE, 300, 0);
    }

    function test_unknown_keys_and_impossible_settings_are_refused() public {
        vm.expectRevert(abi.encodeWithSelector(Params.ParamUnknown.selector, bytes32("x")));
        params.valueOf("x");
        vm.startPrank(FAST);
        vm.expectRevert(abi.encodeWithSelector(Params.ParamUnknown.selector, bytes32("x")));
        params.set("x", 1, 0);
        vm.expectPartialRevert(Params.ParamOutOfBounds.selector);
        params.set(FEE, 300, uint256(type(uint64).max) + 1);
        vm.stopPrank();
        vm.expectRevert(Params.ParamConfigInvalid.selector);
        new Params(address(0), 1);
        vm.expectRevert(Params.ParamConfigInvalid.selector);
        new Params(FAST, 0);
        vm.expectRevert(Params.ParamConfigInvalid.selector);
        new Params(FAST, 1 days + 1);
    }

    function test_a_test_chain_may_pass_a_day_in_a_minute() public {
        Params fast = new Params(FAST, 1_440);
        assertEq(fast.EPOCH(), 60, "epoch");
        assertEq(fast.valueOf(ParamKeys.REBUTTAL_SECONDS), 120, "rebuttal");
        assertEq(fast.boundsOf(ParamKeys.UNBONDING_SECONDS).min, 180, "unbonding");
        assertEq(fast.valueOf(FEE), 500, "only times");
    }

    function _keys() private pure returns (bytes32[9] memory) {
        return [
            FEE,
            MATCH,
            ParamKeys.CHALLENGE_BOND_WEI,
            ParamKeys.UNBONDING_SECONDS,
            ParamKeys.SLASH_EVENT_BPS,
            ParamKeys.SLASH_MONTH_BPS,
            ParamKeys.VALIDATOR_STAKE_WEI,
            ParamKeys.DUPLICATE_SLASH_BPS,
            ParamKeys.REBUTTAL_SECONDS
        ];
    }
}
