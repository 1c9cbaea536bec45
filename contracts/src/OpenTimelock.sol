// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title OpenTimelock: decisions wait here before they take effect
/// @notice
/// PURPOSE      The owner of what governance may change. Two exist: TimelockSlow (7 days; money, Directory, guardian's term, the
///              Governor's own settings) and TimelockFast (2 days; parameters within the hard bounds of Params).
/// TRUST        The Governor, which alone schedules and cancels; anyone executes what is due. There is no administrator: roles
///              change only by a scheduled decision. On a devnet one more proposer may be named, `extraProposer`, so that
///              a person can upgrade it alone; a public deployment names none and its verification refuses any.
/// UNITS        Delays in seconds of block time.
/// ROUNDING     None.
/// ASSUMPTIONS  Delays are long enough for who disagrees to leave: exits of the core contracts never pause.
/// CANNOT HAPPEN  The delay falls below the one given at creation, by whatever decision; a decision is executed before its
///              delay or twice; a deployer keeps a role.
contract OpenTimelock is TimelockController {
    error TimelockDelayTooShort(uint256 delay, uint256 floor);

    /// @notice The delay at creation, below which it never falls.
    uint256 public immutable DELAY_FLOOR;

    constructor(uint256 delay, address[] memory proposers, address[] memory executors)
        TimelockController(delay, proposers, executors, address(0))
    {
        DELAY_FLOOR = delay;
    }

    /// @notice Changes the delay of later decisions. Only by a decision of this timelock.
    function updateDelay(uint256 newDelay) public override {
        if (newDelay < DELAY_FLOOR) revert TimelockDelayTooShort(newDelay, DELAY_FLOOR);
        super.updateDelay(newDelay);
    }
}
