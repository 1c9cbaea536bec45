// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IUptimeFeed: Chainlink's L2 sequencer uptime feed
interface IUptimeFeed {
    /// @notice `answer` is 0 while the sequencer is up and 1 while it is down; `startedAt` is when that last changed, 0 for a
    /// round that is not valid yet. The other values are not used here.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
