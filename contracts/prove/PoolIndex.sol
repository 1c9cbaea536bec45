// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariant 10: a slash never raises an index, and takes no more than its limits
/// @notice `_fallen` of StakePools for any index, past value, request and parameters.
contract PoolIndex {
    uint256 private constant BPS = 10_000;
    uint256 private constant MAX_SLASH_BPS = 3_000;
    uint256 private constant MAX_MONTH_BPS = 5_000;

    function slash(uint256 index, uint256 bps, uint256 eventBps, uint256 monthBps, uint256 past) external pure {
        require(index <= 1e27 && past <= 1e27);
        if (eventBps > MAX_SLASH_BPS) eventBps = MAX_SLASH_BPS;
        if (bps > eventBps) bps = eventBps;
        if (monthBps > MAX_MONTH_BPS) monthBps = MAX_MONTH_BPS;
        uint256 least = (past * (BPS - monthBps) + BPS - 1) / BPS;
        uint256 lower = (index * (BPS - bps) + BPS - 1) / BPS;
        if (lower < least) lower = least;
        if (lower > index) lower = index;
        assert(lower <= index); // 10
        assert(lower == index || lower >= least); // the month's limit
    }
}
