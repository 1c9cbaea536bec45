// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ParamKeys: names of the parameters that Params holds
/// @notice
/// PURPOSE  One spelling for readers and for Params itself. A key is its name as text, so that an explorer shows it.
/// UNITS    `Bps` in 1/10,000; `Seconds` in seconds of block time; `Wei` in wei of OPEN.
library ParamKeys {
    bytes32 internal constant PROTOCOL_FEE_BPS = "protocolFeeBps";
    bytes32 internal constant MATCH_BPS = "matchBps";
    bytes32 internal constant CHALLENGE_BOND_WEI = "challengeBondWei";
    bytes32 internal constant UNBONDING_SECONDS = "unbondingSeconds";
    bytes32 internal constant SLASH_EVENT_BPS = "slashEventBps";
    bytes32 internal constant SLASH_MONTH_BPS = "slashMonthBps";
    bytes32 internal constant VALIDATOR_STAKE_WEI = "validatorStakeWei";
    bytes32 internal constant DUPLICATE_SLASH_BPS = "duplicateSlashBps";
    bytes32 internal constant REBUTTAL_SECONDS = "rebuttalSeconds";
}
