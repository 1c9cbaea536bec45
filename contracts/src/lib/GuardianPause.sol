// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDirectory} from "../interfaces/IDirectory.sol";
import {IPausable} from "../interfaces/IPausable.sol";

/// @title GuardianPause: a stop for what is new, never for exits
/// @notice
/// PURPOSE      Lets the guardian stop new deposits or submissions while something is wrong, and ends them for ever where
///              the directory says that a successor has taken over.
/// TRUST        GUARDIAN can stop new business for MAX_PAUSE, then not again before COOL_DOWN has passed: at most half of
///              the time. Whoever decides about the directory can end it. Neither has any other power here, and a
///              contract that inherits this must never use it on an exit.
/// UNITS        Seconds of block time.
/// CANNOT HAPPEN  A pause longer than MAX_PAUSE; two pauses without COOL_DOWN between them; an end that is taken back.
abstract contract GuardianPause is IPausable {
    error PauseForbidden(address account);
    error PauseActive(uint256 until);
    error PauseCoolingDown(uint256 until);
    error PauseNotActive();
    error SunsetNotDeclared();
    error SunsetReached();

    event Paused(address indexed by, uint40 until);
    event Unpaused(address indexed by);
    event Sunset(address indexed by);

    uint40 public constant MAX_PAUSE = 72 hours;
    uint40 public constant COOL_DOWN = 72 hours;
    address public immutable guardian;
    IDirectory public immutable directory;

    /// @notice The end of the newest pause; new business is stopped before it.
    uint40 public pausedUntil;
    /// @notice Whether nothing new is taken any more, for ever.
    bool public isClosed;

    constructor(address guardian_, IDirectory directory_) {
        guardian = guardian_;
        directory = directory_;
    }

    /// @notice Stops new business for MAX_PAUSE.
    function pause() external {
        _requireGuardian();
        uint256 freeFrom = pausedUntil == 0 ? 0 : uint256(pausedUntil) + COOL_DOWN;
        if (block.timestamp < freeFrom) revert PauseCoolingDown(freeFrom);
        pausedUntil = uint40(block.timestamp) + MAX_PAUSE;
        _onStop();
        emit Paused(msg.sender, pausedUntil);
    }

    /// @notice Ends a pause early. The cool-down counts from now.
    function unpause() external {
        _requireGuardian();
        if (block.timestamp >= pausedUntil) revert PauseNotActive();
        pausedUntil = uint40(block.timestamp);
        emit Unpaused(msg.sender);
    }

    /// @notice Notes here that the directory has declared a sunset, so that no deposit has to ask it. Anyone may call.
    function close() external {
        if (isClosed || !directory.isSunset(address(this))) revert SunsetNotDeclared();
        isClosed = true;
        _onStop();
        emit Sunset(msg.sender);
    }

    /// @dev Called when new business may have to stop, for a contract that keeps a cheaper flag of its own.
    function _onStop() internal virtual {}

    function _requireOpen() internal view {
        uint256 until = pausedUntil;
        if (block.timestamp < until) revert PauseActive(until);
        if (isClosed) revert SunsetReached();
    }

    function _requireGuardian() private view {
        if (msg.sender != guardian) revert PauseForbidden(msg.sender);
    }
}
