// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IDirectory: which contract plays which part
interface IDirectory {
    /// @notice The contract that plays `name` (keccak256 of the contract's name, e.g. keccak256("DisputeCourt")); 0 when none.
    function addressOf(bytes32 name) external view returns (address);

    /// @notice Whether `target` was replaced and takes nothing new; leaving it stays possible for ever.
    function isSunset(address target) external view returns (bool);
}
