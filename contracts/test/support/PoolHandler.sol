// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {StakePools} from "../../src/StakePools.sol";
import {PoolIds} from "../../src/lib/PoolIds.sol";
import {Std} from "./Std.sol";

/// @dev Six actors in two pools do what they like; slashers, the court's holds and donations too. Calls that must
/// succeed are not allowed to revert silently: they set `broken`.
contract PoolHandler is Std {
    IERC20 private immutable token;
    StakePools private immutable pools;
    address private immutable court;
    address private immutable registry;
    address private constant SINK = address(0xdea1);
    uint256 public constant ACTORS = 6;

    uint256 public paidIn;
    uint256 public paidOut;
    uint256 public donated;
    uint256 public operations;
    bool public indexRose;
    bool public overSlashed;
    string public broken;
    mapping(bytes32 pool => uint256) private lastIndex;

    constructor(IERC20 token_, StakePools pools_, address court_, address registry_) {
        (token, pools, court, registry) = (token_, pools_, court_, registry_);
        token_.approve(address(pools_), type(uint256).max);
    }

    function actor(uint256 i) public pure returns (address) {
        return address(uint160(0xac70 + i % ACTORS));
    }

    function poolAt(uint256 i) public pure returns (bytes32) {
        return i % 2 == 0 ? PoolIds.datanet(1) : PoolIds.datanet(2);
    }

    modifier watched(uint256 which) {
        bytes32 pool = poolAt(which);
        uint256 before = token.balanceOf(address(pools));
        ++operations;
        _;
        uint256 afterwards = token.balanceOf(address(pools));
        if (afterwards > before) paidIn += afterwards - before;
        else paidOut += before - afterwards;
        (,, uint128 index,,,,,,) = pools.pools(pool);
        if (lastIndex[pool] != 0 && index > lastIndex[pool]) indexRose = true;
        lastIndex[pool] = index;
    }

    function stake(uint256 which, uint256 who, uint96 amount) external watched(which) {
        (,, uint128 index,,,,,,) = pools.pools(poolAt(which));
        if (index != 0 && index < pools.MIN_INDEX()) return;
        try pools.stake(poolAt(which), uint96(bound(amount, 1, 1e24)), actor(who)) {
            if (pools.slashableBps(poolAt(which)) < 2_999) broken = "stake behind a limit that was used up";
        } catch (bytes memory reason) {
            if (bytes4(reason) != StakePools.PoolLimitUsed.selector) broken = "stake";
        }
    }

    function unbond(uint256 which, uint256 who, uint128 shares) external watched(which) {
        (uint128 have,,) = pools.positions(poolAt(which), actor(who));
        if (have == 0) return;
        shares = uint128(bound(shares, 1, have));
        vm.prank(actor(who));
        try pools.unbond(poolAt(which), shares) {}
        catch {
            broken = "unbond";
        }
    }

    function withdraw(uint256 which, uint256 who) external watched(which) {
        (uint128 shares,,) = pools.unbonds(poolAt(which), actor(who));
        if (shares == 0 || block.timestamp < pools.withdrawableAt(poolAt(which), actor(who))) return;
        try pools.withdraw(poolAt(which), actor(who)) {}
        catch {
            broken = "withdraw";
        }
    }

    function harvest(uint256 which, uint256 who) external watched(which) {
        uint96 promised = pools.rewardOf(poolAt(which), actor(who));
        if (promised == 0) return;
        try pools.harvest(poolAt(which), actor(who)) returns (uint96 amount) {
            if (amount != promised) broken = "harvest differs from rewardOf";
        } catch {
            broken = "harvest";
        }
    }

    function reward(uint256 which, uint96 amount, uint40 duration) external watched(which) {
        (uint128 rate, uint40 end) = _stream(poolAt(which));
        amount = uint96(bound(amount, 1, 1e24));
        pools.reward(poolAt(which), amount, uint40(bound(duration, 1 days, 365 days)));
        (uint128 newRate, uint40 newEnd) = _stream(poolAt(which));
        if (newEnd < end || (end > block.timestamp && newRate < rate)) broken = "a stream was slowed or shortened";
    }

    function slash(uint256 which, uint256 bps) external watched(which) {
        bytes32 pool = poolAt(which);
        uint256 worth = _worth(pool);
        bps = bound(bps, 1, 3_000);
        vm.prank(court);
        uint96 taken = pools.slash(pool, bps, SINK, 0);
        if (uint256(taken) * 10_000 > worth * bps + 10_000) overSlashed = true;
    }

    function slashAccount(uint256 which, uint256 who, uint256 bps) external watched(which) {
        bytes32 pool = poolAt(which);
        uint256 others = _worth(pool) - _worthOf(pool, actor(who));
        bps = bound(bps, 1, 3_000);
        uint256 worth = _worthOf(pool, actor(who));
        vm.prank(registry);
        uint96 taken = pools.slashAccount(pool, actor(who), bps, SINK, 0);
        if (uint256(taken) * 10_000 > worth * bps + 20_000) overSlashed = true;
        if (_worth(pool) - _worthOf(pool, actor(who)) != others) broken = "others paid";
    }

    function hold(uint256 which, uint40 until) external watched(which) {
        vm.prank(court);
        pools.hold(poolAt(which), uint40(bound(until, block.timestamp, block.timestamp + 60 days)));
    }

    function donate(uint96 amount) external {
        amount = uint96(bound(amount, 1, 1e24));
        token.transfer(address(pools), amount);
        donated += amount;
    }

    /// @dev A directed journey that random calls rarely make: all leave while a stream runs, and somebody comes back.
    function desert(uint256 which) external watched(which) {
        bytes32 pool = poolAt(which);
        for (uint256 i; i < ACTORS; ++i) {
            (uint128 have,,) = pools.positions(pool, actor(i));
            if (have == 0) continue;
            vm.prank(actor(i));
            pools.unbond(pool, have);
        }
        vm.warp(block.timestamp + 2 days);
    }

    function pass(uint32 time) external {
        vm.warp(block.timestamp + bound(time, 1 hours, 12 days));
    }

    function _stream(bytes32 pool) private view returns (uint128 rate, uint40 end) {
        (,,, rate,,, end,,) = pools.pools(pool);
    }

    function _worth(bytes32 pool) private view returns (uint256 sum) {
        for (uint256 i; i < ACTORS; ++i) sum += _worthOf(pool, actor(i));
        return sum + ACTORS * 2; // what floors of single positions hide
    }

    function _worthOf(bytes32 pool, address who) private view returns (uint256) {
        return uint256(pools.stakeOf(pool, who)) + pools.unbondingOf(pool, who);
    }
}
