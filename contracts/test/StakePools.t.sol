// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStakePools} from "../src/interfaces/IStakePools.sol";
import {OpenToken} from "../src/OpenToken.sol";
import {StakePools} from "../src/StakePools.sol";
import {GuardianPause} from "../src/lib/GuardianPause.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {PoolBase} from "./support/PoolBase.sol";
import {PlainOpen, TaxedOpen} from "./support/Tokens.sol";

abstract contract StakePoolsSuite is PoolBase {
    event Rewarded(
        bytes32 indexed pool, address indexed from, IStakePools.Source indexed source, uint96 amount, uint128 rate, uint40 end
    );

    // ------------------------------------------------------------------------------------------ stake, unbond, withdraw

    function test_stake_for_another_and_leave() public {
        vm.prank(ALICE);
        pools.stake(POOL, 5 ether, BOB);
        assertEq(pools.stakeOf(POOL, ALICE), 0, "not the payer's");
        assertEq(pools.stakeOf(POOL, BOB), 5 ether, "the receiver's");
        assertEq(pools.stakedIn(POOL), 5 ether, "total");
        _unbond(BOB, 2 ether);
        assertEq(pools.stakeOf(POOL, BOB), 3 ether, "rest");
        assertEq(pools.unbondingOf(POOL, BOB), 2 ether, "unbonding");
        uint256 readyAt = pools.withdrawableAt(POOL, BOB);
        assertEq(readyAt, block.timestamp + 7 days, "as Params say");
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolUnbonding.selector, readyAt));
        pools.withdraw(POOL, BOB);
        vm.warp(readyAt);
        uint256 before = token.balanceOf(BOB);
        pools.withdraw(POOL, BOB); // anyone may
        assertEq(token.balanceOf(BOB) - before, 2 ether, "paid");
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolNothingToWithdraw.selector, BOB));
        pools.withdraw(POOL, BOB);
    }

    function test_refusals_of_stakers() public {
        vm.startPrank(ALICE);
        vm.expectRevert(StakePools.PoolAmountZero.selector);
        pools.stake(POOL, 0, ALICE);
        vm.expectRevert(StakePools.PoolAccountInvalid.selector);
        pools.stake(POOL, 1, address(0));
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolUnknown.selector, bytes32(uint256(7))));
        pools.stake(bytes32(uint256(7)), 1, ALICE);
        bytes32 fourth = bytes32(uint256(4) << 248);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolUnknown.selector, fourth));
        pools.stake(fourth, 1, ALICE);
        vm.expectRevert(StakePools.PoolAmountZero.selector);
        pools.unbond(POOL, 0);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolTooFewShares.selector, 0, 1));
        pools.unbond(POOL, 1);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolNothingToWithdraw.selector, ALICE));
        pools.harvest(POOL, ALICE);
    }

    function test_a_second_unbonding_pays_what_is_ready_and_restarts_what_is_not() public {
        _stake(ALICE, 10 ether);
        _unbond(ALICE, 1 ether);
        vm.warp(block.timestamp + 3 days);
        _unbond(ALICE, 2 ether); // merged: waits seven days from now
        assertEq(pools.withdrawableAt(POOL, ALICE), block.timestamp + 7 days, "restarted");
        vm.warp(block.timestamp + 7 days);
        uint256 before = token.balanceOf(ALICE);
        _unbond(ALICE, 4 ether);
        assertEq(token.balanceOf(ALICE) - before, 3 ether, "what was ready is paid");
        assertEq(pools.unbondingOf(POOL, ALICE), 4 ether, "the new one waits");
    }

    function test_the_delay_of_an_unbonding_is_fixed_when_it_begins() public {
        _stake(ALICE, 2 ether);
        _unbond(ALICE, 1 ether);
        uint256 readyAt = pools.withdrawableAt(POOL, ALICE);
        _set(ParamKeys.UNBONDING_SECONDS, 30 days);
        assertEq(pools.withdrawableAt(POOL, ALICE), readyAt, "old promise");
        _unbond(ALICE, 1 ether);
        assertEq(pools.withdrawableAt(POOL, ALICE), block.timestamp + 30 days, "new rule");
    }

    function test_paused_and_sunset_stop_stakes_and_nothing_else() public {
        _stake(ALICE, 10 ether);
        _reward(7 ether, 7 days);
        vm.prank(GUARDIAN);
        pools.pause();
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseActive.selector, block.timestamp + 72 hours));
        pools.stake(POOL, 1 ether, BOB);
        directory.setSunset(address(pools), block.timestamp);
        pools.close();
        vm.warp(block.timestamp + 4 days);
        vm.prank(BOB);
        vm.expectRevert(GuardianPause.SunsetReached.selector);
        pools.stake(POOL, 1 ether, BOB);
        pools.harvest(POOL, ALICE);
        _unbond(ALICE, 10 ether);
        vm.warp(block.timestamp + 7 days);
        pools.withdraw(POOL, ALICE);
        assertEq(pools.stakedIn(POOL), 0, "everything left");
    }

    // ---------------------------------------------------------------------------------------------------------- rewards

    function test_rewards_follow_stake_and_time() public {
        _stake(ALICE, 1 ether);
        _reward(7 ether, 7 days);
        vm.warp(block.timestamp + 1 days);
        _stake(BOB, 3 ether);
        vm.warp(block.timestamp + 2 days);
        _near(pools.rewardOf(POOL, ALICE), 1.5 ether, "one day alone, two days a quarter");
        _near(pools.rewardOf(POOL, BOB), 1.5 ether, "two days three quarters");
        _unbond(BOB, 3 ether);
        vm.warp(block.timestamp + 30 days);
        uint256 before = token.balanceOf(BOB);
        uint96 promised = pools.rewardOf(POOL, BOB);
        pools.harvest(POOL, BOB);
        assertEq(token.balanceOf(BOB) - before, promised, "the view says what harvest pays");
        _near(promised, 1.5 ether, "unbonding earns nothing");
        _near(pools.harvest(POOL, ALICE), 5.5 ether, "the rest");
    }

    function test_what_streams_to_nobody_is_kept_for_the_next_staker() public {
        _reward(7 ether, 7 days);
        vm.warp(block.timestamp + 3 days);
        _stake(ALICE, 1 ether);
        (uint128 rate, uint40 end, uint128 idle) = _stream();
        assertEq(idle, 0, "streams again");
        assertLe(block.timestamp + 4 days, end, "not sooner");
        assertLe(uint256(7 ether) * 1e9 / 7 days, rate, "not slower");
        vm.warp(end);
        _near(pools.rewardOf(POOL, ALICE), 7 ether, "nothing is lost");
        _unbond(ALICE, 1 ether);
        _reward(7 ether, 7 days);
        vm.warp(block.timestamp + 3 days);
        _reward(1 ether, 7 days); // takes up the idle three days
        vm.warp(block.timestamp + 1 days);
        _stake(BOB, 1);
        vm.warp(block.timestamp + 60 days);
        _near(pools.rewardOf(POOL, BOB), 8 ether, "also across a second reward");
    }

    function test_a_reward_in_a_running_stream_neither_slows_nor_shortens_it() public {
        _stake(ALICE, 1 ether);
        _reward(70 ether, 7 days);
        (uint128 rate, uint40 end,) = _stream();
        vm.warp(block.timestamp + 1 days);
        _reward(1, 365 days); // dust over a year: would have slowed the stream
        (uint128 rate2, uint40 end2,) = _stream();
        assertLe(rate, rate2, "pace kept");
        assertLe(end, end2, "end kept");
        assertLe(uint256(rate2) * (end2 - block.timestamp), 60 ether * 1e9 + 1e9, "from what there is");
        _reward(1 ether, 1 days); // would have pulled 61 ether into one day
        (uint128 rate3, uint40 end3,) = _stream();
        assertEq(end3, end, "no sooner");
        assertTrue(rate3 > rate, "faster by what was added");
        vm.warp(end);
        _near(pools.rewardOf(POOL, ALICE), 71 ether, "all of it");
    }

    function test_the_source_of_a_reward_is_who_pays() public {
        _stake(ALICE, 1 ether);
        uint40 end = uint40(block.timestamp + 7 days);
        vm.expectEmit(true, true, true, true);
        emit Rewarded(POOL, emissions, IStakePools.Source.Emissions, 604_800, 1e9, end);
        vm.prank(emissions);
        pools.reward(POOL, 604_800, 7 days);
        vm.expectEmit(true, true, true, true);
        emit Rewarded(POOL, RICH, IStakePools.Source.Fees, 604_800, 2e9, end);
        _reward(604_800, 7 days);
    }

    function test_refusals_of_rewards() public {
        vm.startPrank(RICH);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolDurationInvalid.selector, 1 days - 1, 1 days, 365 days));
        pools.reward(POOL, 1, 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolDurationInvalid.selector, 365 days + 1, 1 days, 365 days));
        pools.reward(POOL, 1, 365 days + 1);
        vm.expectRevert(StakePools.PoolAmountZero.selector);
        pools.reward(POOL, 0, 1 days);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolUnknown.selector, bytes32(0)));
        pools.reward(0, 1, 1 days);
    }

    function testFuzz_rewards_paid_are_rewards_paid_in(uint96 a, uint96 b, uint96 amount, uint40 duration, uint40 wait) public {
        a = uint96(bound(a, 1, 1e24));
        b = uint96(bound(b, 1, 1e24));
        amount = uint96(bound(amount, 1, 1e24));
        duration = uint40(bound(duration, 1 days, 365 days));
        _stake(ALICE, a);
        _reward(amount, duration);
        vm.warp(block.timestamp + bound(wait, 0, 400 days));
        _stake(BOB, b);
        vm.warp(block.timestamp + 400 days);
        uint256 paid = uint256(pools.rewardOf(POOL, ALICE)) + pools.rewardOf(POOL, BOB);
        assertLe(paid, amount, "never more");
        assertLe(amount, paid + 5, "dust only");
    }

    // ---------------------------------------------------------------------------------------------------------- slashes

    function testFuzz_slash_is_proportional_and_hits_unbonding(uint96 a, uint96 b, uint256 part, uint256 bps) public {
        a = uint96(bound(a, 2, 1e24));
        b = uint96(bound(b, 1, 1e24));
        bps = bound(bps, 1, 3_000);
        _stake(ALICE, a);
        _stake(BOB, b);
        _unbond(ALICE, uint128(bound(part, 1, a - 1)));
        uint256 treasury = token.balanceOf(TREASURY);
        uint96 taken = _slash(bps);
        assertEq(token.balanceOf(TREASURY) - treasury, taken, "sent");
        uint256 leftA = uint256(pools.stakeOf(POOL, ALICE)) + pools.unbondingOf(POOL, ALICE);
        uint256 leftB = pools.stakeOf(POOL, BOB);
        uint256 all = uint256(a) + b;
        assertLe(uint256(taken) * 10_000, all * bps, "never more than bps");
        assertLe(all * bps / 10_000, uint256(taken) + 2, "and not less");
        assertLe(leftA, a - uint256(a) * bps / 10_000 + 1, "ALICE, above");
        assertLe(a - uint256(a) * bps / 10_000, leftA + 2, "ALICE, below");
        assertLe(b - uint256(b) * bps / 10_000, leftB + 2, "BOB, below");
        assertLe(leftA + leftB + taken, all, "no wei is made");
    }

    function test_new_stake_does_not_pay_for_old_slashes() public {
        _stake(ALICE, 10 ether);
        _slash(2_100);
        _stake(BOB, 10 ether);
        assertEq(pools.stakeOf(POOL, BOB), 10 ether - 1, "whole, less the wei of rounding");
        assertEq(pools.stakeOf(POOL, ALICE), 7.9 ether, "slashed");
    }

    function test_no_stake_enters_behind_a_limit_that_is_used_up() public {
        uint256 start = block.timestamp;
        _stake(ALICE, 1 ether);
        _slash(3_000); // a small stake has itself slashed: 20 of 70 could still be taken, not 30 %
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolLimitUsed.selector, POOL, address(0)));
        pools.stake(POOL, 1e24, ALICE);
        vm.warp(start + 30 days);
        _stake(ALICE, 1e24);
        assertEq(pools.slashableBps(POOL), 3_000, "and now it could");
        _slashAccount(BOB, 1_000);
        _stake(BOB, 1 ether);
        _slashAccount(BOB, 1_000);
        _stake(BOB, 1 ether); // 1,000 bps leave room for an event
        _slashAccount(BOB, 3_000);
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolLimitUsed.selector, POOL, BOB));
        pools.stake(POOL, 1 ether, BOB);
        _stake(CAROL, 1 ether); // one account's faults are its own
        vm.warp(start + 60 days);
        _stake(BOB, 1 ether);
    }

    function test_unbonding_is_slashed_until_it_is_withdrawn() public {
        _stake(ALICE, 10 ether);
        _unbond(ALICE, 10 ether);
        vm.warp(block.timestamp + 20 days);
        _slash(1_000);
        uint256 before = token.balanceOf(ALICE);
        pools.withdraw(POOL, ALICE);
        assertEq(token.balanceOf(ALICE) - before, 9 ether, "still liable");
        assertEq(_slash(1_000), 0, "nothing left to take");
    }

    function test_many_small_slashes_take_no_more_than_half_in_thirty_days() public {
        _stake(ALICE, 100 ether);
        uint256 start = block.timestamp;
        uint256 taken = _slash(3_000);
        for (uint256 i; i < 40; ++i) {
            vm.warp(start + i * 12 hours);
            taken += _slash(500);
        }
        assertEq(taken, 50 ether, "half, to the wei");
        assertEq(pools.slashableBps(POOL), 0, "nothing more now");
        vm.warp(start + 30 days - 1);
        assertEq(_slash(3_000), 0, "nor a second before thirty days");
        vm.warp(start + 30 days); // the first 30 % are past; half of the 70 that were left then is 35
        assertEq(_slash(3_000), 15 ether, "down to half of what it was thirty days ago");
        vm.warp(start + 200 days);
        assertEq(pools.slashableBps(POOL), 3_000, "later, one event again");
    }

    function test_params_may_tighten_the_limits() public {
        _stake(ALICE, 100 ether);
        _set(ParamKeys.SLASH_EVENT_BPS, 100);
        _set(ParamKeys.SLASH_MONTH_BPS, 150);
        assertEq(pools.slashableBps(POOL), 100, "as Params say");
        assertEq(_slash(0), 0, "nothing");
        assertEq(_slash(3_000), 1 ether, "one per cent at once");
        assertEq(_slash(100), 0.5 ether, "up to the month's");
    }

    function test_a_pool_that_lost_nearly_all_is_closed() public {
        _stake(ALICE, 1e24);
        while (_index() >= pools.MIN_INDEX()) {
            vm.warp(block.timestamp + 31 days);
            _slash(3_000);
        }
        _reward_refused();
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolClosed.selector, POOL, _index()));
        pools.stake(POOL, 1 ether, BOB);
        _unbond(ALICE, 1e24);
        vm.warp(block.timestamp + 30 days);
        uint256 before = token.balanceOf(ALICE);
        pools.withdraw(POOL, ALICE);
        assertEq(token.balanceOf(ALICE) - before, 1e24 * uint256(_index()) / 1e27, "what is left leaves");
    }

    function test_rewards_of_a_closed_pool_go_to_the_treasury_when_all_have_left() public {
        _stake(ALICE, 1e24);
        while (_index() * 7 / 10 >= pools.MIN_INDEX()) {
            vm.warp(block.timestamp + 31 days);
            _slash(3_000);
        }
        vm.warp(block.timestamp + 31 days);
        _reward(10 ether, 100 days);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolNotClosed.selector, POOL));
        pools.sweep(POOL);
        _slash(3_000);
        vm.warp(block.timestamp + 10 days);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolNotClosed.selector, POOL));
        pools.sweep(POOL);
        _unbond(ALICE, 1e24);
        vm.warp(block.timestamp + 10 days);
        uint256 before = token.balanceOf(TREASURY);
        pools.sweep(POOL);
        _near(token.balanceOf(TREASURY) - before, 9 ether, "what ALICE had not earned");
        vm.expectRevert(StakePools.PoolAmountZero.selector);
        pools.sweep(POOL);
        _near(pools.harvest(POOL, ALICE), 1 ether, "what she had");
    }

    function test_only_whom_the_directory_names_may_slash() public {
        bytes32 validator = bytes32((uint256(3) << 248) | 9);
        bytes32 model = bytes32((uint256(2) << 248) | 9);
        assertTrue(pools.maySlash(court, POOL, true) && pools.maySlash(court, model, false), "court, any");
        assertTrue(pools.maySlash(validatorSet, validator, true), "validators' pools by ValidatorSet");
        assertTrue(!pools.maySlash(validatorSet, POOL, true), "no other pool");
        assertTrue(!pools.maySlash(validatorSet, validator, false), "not a single account");
        assertTrue(pools.maySlash(registry, POOL, false), "an account of a Datanet by the registry");
        assertTrue(!pools.maySlash(registry, POOL, true), "not its pool");
        assertTrue(!pools.maySlash(registry, model, false), "not another kind");
        assertTrue(!pools.maySlash(GUARDIAN, POOL, true) && !pools.maySlash(address(0), POOL, true), "nobody else");
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolForbidden.selector, ALICE));
        pools.slash(POOL, 1, ALICE, 0);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolForbidden.selector, ALICE));
        pools.slashAccount(POOL, BOB, 1, ALICE, 0);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolForbidden.selector, ALICE));
        pools.hold(POOL, 1);
    }

    function testFuzz_slash_of_an_account_is_its_own(uint96 a, uint256 part, uint256 bps) public {
        a = uint96(bound(a, 2, 1e24));
        bps = bound(bps, 1, 3_000);
        _stake(ALICE, a);
        _stake(BOB, 1 ether);
        _reward(1 ether, 10 days);
        vm.warp(block.timestamp + 5 days);
        uint96 earned = pools.rewardOf(POOL, ALICE);
        _unbond(ALICE, uint128(bound(part, 1, a - 1)));
        uint96 taken = _slashAccount(ALICE, bps);
        uint256 left = uint256(pools.stakeOf(POOL, ALICE)) + pools.unbondingOf(POOL, ALICE);
        assertEq(left + taken, a, "at an index of one, to the wei");
        assertLe(uint256(taken) * 10_000, uint256(a) * bps, "never more than bps");
        assertLe(uint256(a) * bps / 10_000, uint256(taken) + 2, "and not less");
        assertEq(pools.stakeOf(POOL, BOB), 1 ether, "BOB untouched");
        assertEq(pools.rewardOf(POOL, ALICE), earned, "rewards earned are kept");
        vm.warp(block.timestamp + 5 days);
        _near(uint256(pools.rewardOf(POOL, ALICE)) + pools.rewardOf(POOL, BOB), 1 ether, "the stream goes on");
    }

    function test_an_account_s_own_slashes_have_their_own_limit() public {
        assertEq(_slashAccount(ALICE, 3_000), 0, "nothing staked, nothing taken, no revert");
        _stake(ALICE, 100 ether);
        assertEq(_slashAccount(ALICE, 3_000), 30 ether, "first");
        assertEq(_slashAccount(ALICE, 3_000), 20 ether, "half in all");
        assertEq(_slashAccount(ALICE, 3_000), 0, "no more");
        vm.warp(block.timestamp + 30 days);
        assertEq(_slashAccount(ALICE, 1_000), 5 ether, "a month later");
    }

    function test_slash_of_a_pool_that_nobody_staked_in() public {
        assertEq(_slash(100), 0, "nothing");
        _stake(ALICE, 1 ether);
        assertEq(pools.stakeOf(POOL, ALICE), 1 ether, "and no index fell");
    }

    // ------------------------------------------------------------------------------------------------------------ holds

    function test_a_hold_keeps_unbonding_stake_for_a_month_at_most() public {
        _stake(ALICE, 2 ether);
        _unbond(ALICE, 1 ether);
        uint256 start = block.timestamp;
        vm.startPrank(court);
        pools.hold(POOL, uint40(start + 10 days));
        pools.hold(POOL, uint40(start + 9 days)); // never shortens
        vm.stopPrank();
        assertEq(pools.withdrawableAt(POOL, ALICE), start + 10 days, "held");
        vm.warp(start + 8 days);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolUnbonding.selector, start + 10 days));
        pools.withdraw(POOL, ALICE);
        vm.prank(court);
        pools.hold(POOL, type(uint40).max);
        assertEq(pools.withdrawableAt(POOL, ALICE), start + 30 days, "a month, whatever the court says");
        vm.warp(start + 30 days);
        pools.withdraw(POOL, ALICE);
        assertEq(pools.unbondingOf(POOL, ALICE), 0, "left");
    }

    // ---------------------------------------------------------------------------------------------------------- attacks

    function test_donations_change_nothing() public {
        vm.prank(RICH);
        token.transfer(address(pools), 1e24); // before the first depositor
        _stake(ALICE, 1);
        vm.prank(RICH);
        token.transfer(address(pools), 1e24);
        _stake(BOB, 1 ether);
        assertEq(_sharesOf(BOB), 1 ether, "no share is stolen");
        assertEq(pools.stakeOf(POOL, BOB), 1 ether, "worth what was paid");
        assertEq(pools.stakeOf(POOL, ALICE), 1, "and no more");
    }

    function _reward_refused() private {
        vm.prank(RICH);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolClosed.selector, POOL, _index()));
        pools.reward(POOL, 1 ether, 1 days);
    }

    /// @dev Streams are counted in 1e-9 wei a second, so a few wei are lost.
    function _near(uint256 left, uint256 right, string memory what) internal pure {
        assertLe(left, right, what);
        assertLe(right, left + 100, what);
    }
}

contract StakePoolsPlainTest is StakePoolsSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    /// @dev Whatever is slashed and when; the token makes no difference here.
    function testFuzz_no_thirty_days_take_more_than_half(uint256 seed) public {
        _stake(ALICE, 1e24);
        uint256 length = 10;
        uint256[] memory times = new uint256[](length);
        uint256[] memory values = new uint256[](length);
        for (uint256 i; i < length; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + seed % 10 days);
            times[i] = block.timestamp;
            values[i] = _index();
            _slash(1 + (seed >> 64) % 3_000);
            for (uint256 k; k <= i; ++k) {
                if (block.timestamp - times[k] < 30 days) assertLe((values[k] + 1) / 2, _index(), "half remains");
            }
        }
    }
}

contract StakePoolsOpenTokenTest is StakePoolsSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new OpenToken(holder);
    }
}

/// @dev A token that takes a tax is refused wherever money comes in.
contract StakePoolsTaxedTest is PoolBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new TaxedOpen(holder);
    }

    function test_a_tax_is_refused() public {
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolTokenNotExact.selector, 0.99 ether, 1 ether));
        pools.stake(POOL, 1 ether, ALICE);
        vm.prank(RICH);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolTokenNotExact.selector, 0.99 ether, 1 ether));
        pools.reward(POOL, 1 ether, 1 days);
    }
}
