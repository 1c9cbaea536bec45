// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDirectory} from "./interfaces/IDirectory.sol";
import {IPausable} from "./interfaces/IPausable.sol";

interface ICancels {
    function cancel(uint256 proposalId) external;
}

interface IDisputed {
    function veto(uint32 id) external;
    function resolve(uint32 id, bool upheld) external;
    function cancelChange(address account) external;
}

/// @title Guardian: the brake, and nothing but the brake
/// @notice
/// PURPOSE      The address that other contracts know as guardian. Its `holder`, a Safe of several people, may cancel a
///              proposal while it waits in a timelock, veto a pending epoch, stop a pending change of who receives an
///              account's earnings, pause new deposits and submissions, and decide disputes for as long as Directory names
///              this contract as DisputeCourt.
/// TRUST        The holder can delay and refuse. The worst it can do in its term: stop governance and new epochs, and as
///              court have a publisher's bond slashed. The power ends by itself 18 months after it was given, unless
///              TimelockSlow renews it; TimelockSlow may also replace the holder at any time; the Governor lets no Guardian
///              cancel its own replacement.
/// UNITS        Times in seconds of block time.
/// ROUNDING     None.
/// ASSUMPTIONS  Contracts that obey `pause` limit its length themselves (IPausable).
/// CANNOT HAPPEN  A call other than the six below is made in this contract's name, so it can move no token, approve none and
///              change no parameter; it holds no money; a lapsed holder acts.
contract Guardian {
    error GuardianForbidden(address account);
    error GuardianLapsed(uint256 ended);
    error GuardianHolderInvalid();

    event GuardianAppointed(address indexed holder, uint40 until, address indexed by);

    uint256 public constant TERM = 548 days;
    bytes32 private constant SLOW = keccak256("TimelockSlow");
    bytes32 private constant GOVERNOR = keccak256("OpenGovernor");
    IDirectory public immutable directory;

    address public holder;
    /// @notice Block time from which the holder can do nothing more.
    uint40 public until;

    modifier onlyHolder() {
        if (msg.sender != holder) revert GuardianForbidden(msg.sender);
        if (block.timestamp >= until) revert GuardianLapsed(until);
        _;
    }

    constructor(IDirectory directory_, address holder_) {
        directory = directory_;
        _appoint(holder_);
    }

    /// @notice Gives the power to `holder_` for a new term; the same holder again renews it. Only TimelockSlow.
    function appoint(address holder_) external {
        if (msg.sender != directory.addressOf(SLOW)) revert GuardianForbidden(msg.sender);
        _appoint(holder_);
    }

    /// @notice Cancels a proposal that waits in its timelock.
    function cancel(uint256 proposalId) external onlyHolder {
        ICancels(directory.addressOf(GOVERNOR)).cancel(proposalId);
    }

    /// @notice Revokes a pending epoch of `ledger`.
    function veto(IDisputed ledger, uint32 id) external onlyHolder {
        ledger.veto(id);
    }

    /// @notice Stops a change of `account`'s recipient or owner that waits in `ledger`.
    function cancelChange(IDisputed ledger, address account) external onlyHolder {
        ledger.cancelChange(account);
    }

    /// @notice Decides a challenge, where Directory names this contract as the court.
    function resolve(IDisputed ledger, uint32 id, bool upheld) external onlyHolder {
        ledger.resolve(id, upheld);
    }

    /// @notice Stops what is new in `target`, for as long as `target` allows.
    function pause(IPausable target) external onlyHolder {
        target.pause();
    }

    function unpause(IPausable target) external onlyHolder {
        target.unpause();
    }

    function _appoint(address holder_) private {
        if (holder_ == address(0)) revert GuardianHolderInvalid();
        holder = holder_;
        until = uint40(block.timestamp + TERM);
        emit GuardianAppointed(holder_, until, msg.sender);
    }
}
