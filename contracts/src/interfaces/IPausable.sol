// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IPausable: what the Guardian may stop, for a while
/// @notice A pause stops *new* deposits and submissions only, for at most 72 hours, then a cool-down of 72 hours; exits
/// (claim, withdraw, unbond, expire) never stop. The contract itself keeps these limits: the caller is only trusted to ask.
interface IPausable {
    function pause() external;
    function unpause() external;
}
