// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IFeeSource: who takes protocol fees
interface IFeeSource {
    /// @notice The protocol fees in wei that were ever taken: a running total.
    function totalFees() external view returns (uint256);
}
