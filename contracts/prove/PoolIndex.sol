// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariant 10, for any sequence of slashes
/// @notice `_fallen` of StakePools, with bps, limits and the past value chosen by an adversary.
contract PoolIndex {
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_SLASH_BPS = 3_000;
    uint256 private constant MAX_MONTH_BPS = 5_000;

    uint256 private index = 1e27;
    uint256 private lowest = 1e27;
    bool private rose;

    function slash(uint256 bps, uint256 eventBps, uint256 monthBps, uint256 past) external {
        require(past <= 1e27);
        if (eventBps > MAX_SLASH_BPS) eventBps = MAX_SLASH_BPS;
        if (bps > eventBps) bps = eventBps;
        if (monthBps > MAX_MONTH_BPS) monthBps = MAX_MONTH_BPS;
        uint256 least = (past * (BPS - monthBps) + BPS - 1) / BPS;
        uint256 lower = (index * (BPS - bps) + BPS - 1) / BPS;
        if (lower < least) lower = least;
        if (lower > index) lower = index;
        if (lower > lowest) rose = true;
        lowest = lower;
        index = lower;
    }

    function invariants() external view {
        assert(!rose); // 10
        assert(index == lowest);
        assert(index <= 1e27);
    }
}
