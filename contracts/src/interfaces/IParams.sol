// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IParams: the protocol's adjustable numbers
interface IParams {
    /// @notice The value of `key` (see ParamKeys) in the current epoch. Reverts for an unknown key.
    function valueOf(bytes32 key) external view returns (uint256);

    /// @notice The current epoch: whole EPOCH lengths since 1970.
    function epoch() external view returns (uint256);

    /// @notice 1 where money is real; on test chains every time that a contract counts in is divided by it.
    function TIME_SCALE() external view returns (uint256);
}
