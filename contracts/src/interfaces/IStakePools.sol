// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IStakePools: what other contracts ask of the stake pools. Pools are named by PoolIds; amounts are wei of OPEN.
interface IStakePools {
    /// @dev Where a reward came from, so that a yield can be shown for what it is. Emissions only from the
    /// EmissionController; everything else is money that somebody paid in.
    enum Source {
        Fees,
        Emissions
    }

    /// @notice What `account` has at stake and not in unbonding, after all slashes.
    function stakeOf(bytes32 pool, address account) external view returns (uint96);

    /// @notice What `account` has in unbonding, after all slashes.
    function unbondingOf(bytes32 pool, address account) external view returns (uint96);

    /// @notice What all accounts together have at stake and not in unbonding.
    function stakedIn(bytes32 pool) external view returns (uint96);

    /// @notice Stakes `amount` of the caller's OPEN for `to`.
    function stake(bytes32 pool, uint96 amount, address to) external;

    /// @notice Streams `amount` of the caller's OPEN to the pool's stakers over `duration` seconds (1 to 365 days).
    function reward(bytes32 pool, uint96 amount, uint40 duration) external;

    /// @notice Takes `bps` of all stake and unbonding stake of a pool and sends it to `to`. Never more than 30 % at once
    /// or 50 % within 30 days: beyond that it takes what may be taken and returns how much it was.
    function slash(bytes32 pool, uint256 bps, address to, bytes32 reason) external returns (uint96 taken);

    /// @notice As `slash`, from one account's stake and unbonding stake in the pool only.
    function slashAccount(bytes32 pool, address account, uint256 bps, address to, bytes32 reason)
        external
        returns (uint96 taken);

    /// @notice Keeps unbonding stake of the pool from leaving before `until` (a dispute is open about it), yet never
    /// longer than 30 days after it was unbonded.
    function hold(bytes32 pool, uint40 until) external;
}
