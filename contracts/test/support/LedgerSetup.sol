// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AttributionLedger} from "../../src/AttributionLedger.sol";
import {Directory} from "../../src/Directory.sol";
import {IUptimeFeed} from "../../src/interfaces/IUptimeFeed.sol";
import {Std} from "./Std.sol";

/// @dev Builds ledgers with a directory in which `court` judges. A court is a contract, so one is put at its address.
abstract contract LedgerSetup is Std {
    uint40 internal constant RECIPIENT_DELAY = 2 days;
    uint40 internal constant ROTATION_DELAY = 7 days;

    function _newLedger(IERC20 token, uint96 bond, uint96 stake, address court, address guardian, address treasury)
        internal
        returns (AttributionLedger)
    {
        return new AttributionLedger(_ledgerConfig(token, bond, stake, court, guardian, treasury));
    }

    function _ledgerConfig(IERC20 token, uint96 bond, uint96 stake, address court, address guardian, address treasury)
        internal
        returns (AttributionLedger.Config memory c)
    {
        c.token = token;
        c.window = 1 days;
        c.disputeTimeout = 7 days;
        c.publisherBond = bond;
        c.challengeBond = stake;
        c.recipientDelay = RECIPIENT_DELAY;
        c.rotationDelay = ROTATION_DELAY;
        c.guardian = guardian;
        c.treasury = treasury;
        c.directory = _newDirectory(court);
        c.uptimeFeed = IUptimeFeed(address(0));
    }

    /// @dev Owned by this test.
    function _newDirectory(address court) internal returns (Directory directory) {
        directory = new Directory(address(this));
        if (court.code.length == 0) vm.etch(court, hex"00");
        directory.set(keccak256("DisputeCourt"), court);
    }
}
