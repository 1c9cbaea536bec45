// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParams} from "./interfaces/IParams.sol";
import {ParamKeys} from "./lib/ParamKeys.sol";

/// @title Params: the protocol's adjustable numbers, each inside bounds that nobody can move
/// @notice
/// PURPOSE      Governance turns these knobs and no others. Bounds are code: to widen one, another Params must be deployed
///              and put into the Directory, which is a matter for TimelockSlow.
/// EPOCHS       Time is cut into epochs of EPOCH seconds, counted since 1970. A change holds from a later epoch on, so
///              that nobody is charged by a rule that was made within the epoch in which it is applied.
/// TRUST        AUTHORITY is TimelockFast: a change is public for two days, and then waits for the next epoch.
/// UNITS        See ParamKeys. Times on a test chain are divided by TIME_SCALE (1 where money is real): one day becomes a
///              minute at 1,440. Values are given and returned in real seconds of that chain.
/// ROUNDING     Scaled bounds are rounded down.
/// NOT HERE     A ledger's window and publisher's bond are fixed when it is deployed: changing them under pending epochs
///              would change promises that were made.
/// ASSUMPTIONS  Readers ask `valueOf` at the time of use or fix the value where a promise was made (an unbonding that has
///              begun keeps its delay).
/// CANNOT HAPPEN  A value outside its bounds; a change in the epoch in which it was made; a match above the protocol fee in
///              any epoch, present or announced (invariant 13: then paying oneself returns at most what was paid);
///              a rebuttal that outlasts the shortest unbonding.
contract Params is IParams {
    error ParamUnknown(bytes32 key);
    error ParamForbidden(address account);
    error ParamOutOfBounds(bytes32 key, uint256 value, uint256 min, uint256 max);
    error ParamMatchAboveFee(uint256 matchBps, uint256 feeBps);
    error ParamConfigInvalid();

    event ParamSet(bytes32 indexed key, uint256 before, uint256 value, uint256 effectiveEpoch);

    /// @dev One slot. `next` holds from `effectiveEpoch` on; 0 means that the key was never set and its start value holds.
    struct Setting {
        uint96 current;
        uint96 next;
        uint64 effectiveEpoch;
    }

    struct Bounds {
        uint256 min;
        uint256 max;
        uint256 start;
    }

    address public immutable AUTHORITY;
    /// @notice 1 where money is real; larger on test chains, where a day must pass in a minute.
    uint256 public immutable TIME_SCALE;
    /// @notice Length of an epoch in seconds.
    uint256 public immutable EPOCH;

    mapping(bytes32 key => Setting) private _settings;

    /// @param authority TimelockFast @param timeScale 1 to 86,400; a deployment to a public chain must pass 1
    constructor(address authority, uint256 timeScale) {
        if (authority == address(0) || timeScale == 0 || timeScale > 1 days) revert ParamConfigInvalid();
        AUTHORITY = authority;
        TIME_SCALE = timeScale;
        EPOCH = 1 days / timeScale;
    }

    /// @notice Announces `value` for `key` from the next epoch on, or from `notBefore` if that is later. Replaces an
    /// announcement that does not hold yet.
    function set(bytes32 key, uint256 value, uint256 notBefore) external {
        if (msg.sender != AUTHORITY) revert ParamForbidden(msg.sender);
        Bounds memory b = boundsOf(key);
        if (value < b.min || value > b.max) revert ParamOutOfBounds(key, value, b.min, b.max);
        uint256 effectiveEpoch = epoch() + 1;
        if (notBefore > effectiveEpoch) effectiveEpoch = notBefore;
        uint256 before = valueOf(key);
        // The cast of a far epoch must not wrap to the past; values are within bounds that fit uint96.
        if (effectiveEpoch > type(uint64).max) revert ParamOutOfBounds(key, effectiveEpoch, 0, type(uint64).max);
        _settings[key] = Setting(uint96(before), uint96(value), uint64(effectiveEpoch));
        _requireMatchWithinFee();
        emit ParamSet(key, before, value, effectiveEpoch);
    }

    function valueOf(bytes32 key) public view returns (uint256) {
        (uint256 current, uint256 next, uint256 effectiveEpoch) = announced(key);
        return epoch() >= effectiveEpoch ? next : current;
    }

    /// @notice What holds before `effectiveEpoch` and what holds from it on.
    function announced(bytes32 key) public view returns (uint256 current, uint256 next, uint256 effectiveEpoch) {
        Setting memory s = _settings[key];
        if (s.effectiveEpoch != 0) return (s.current, s.next, s.effectiveEpoch);
        uint256 start = boundsOf(key).start;
        return (start, start, 0);
    }

    function epoch() public view returns (uint256) {
        return block.timestamp / EPOCH;
    }

    /// @notice The bounds of `key` and the value it starts with.
    function boundsOf(bytes32 key) public view returns (Bounds memory) {
        if (key == ParamKeys.PROTOCOL_FEE_BPS) return Bounds(0, 1_000, 500);
        if (key == ParamKeys.MATCH_BPS) return Bounds(0, 1_000, 250);
        if (key == ParamKeys.CHALLENGE_BOND_WEI) return Bounds(1e3 ether, 1e6 ether, 1_000 ether);
        if (key == ParamKeys.UNBONDING_SECONDS) return _times(3 days, 30 days, 7 days);
        if (key == ParamKeys.SLASH_EVENT_BPS) return Bounds(100, 3_000, 3_000);
        if (key == ParamKeys.SLASH_MONTH_BPS) return Bounds(100, 5_000, 5_000);
        if (key == ParamKeys.VALIDATOR_STAKE_WEI) return Bounds(10_000 ether, 1e6 ether, 10_000 ether);
        if (key == ParamKeys.DUPLICATE_SLASH_BPS) return Bounds(2, 3_000, 1_000);
        if (key == ParamKeys.REBUTTAL_SECONDS) return _times(1 days, 3 days, 2 days);
        revert ParamUnknown(key);
    }

    function _times(uint256 min, uint256 max, uint256 start) private view returns (Bounds memory) {
        return Bounds(min / TIME_SCALE, max / TIME_SCALE, start / TIME_SCALE);
    }

    /// @dev Over this and all later epochs: the largest match against the smallest fee.
    function _requireMatchWithinFee() private view {
        uint256 matchBps = valueOf(ParamKeys.MATCH_BPS);
        (, uint256 matchNext,) = announced(ParamKeys.MATCH_BPS);
        uint256 feeBps = valueOf(ParamKeys.PROTOCOL_FEE_BPS);
        (, uint256 feeNext,) = announced(ParamKeys.PROTOCOL_FEE_BPS);
        if (matchNext > matchBps) matchBps = matchNext;
        if (feeNext < feeBps) feeBps = feeNext;
        if (matchBps > feeBps) revert ParamMatchAboveFee(matchBps, feeBps);
    }
}
