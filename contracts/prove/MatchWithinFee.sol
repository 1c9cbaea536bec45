// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariant 13, by induction over any changes and any passing of time
/// @notice Params with its two coupled keys, each as (now, next, from): each function takes any state in which the demand that
/// Params makes of a change holds, acts, and must leave one. That the demand outlives the passing of epochs, and that match
/// never exceeds fee where it holds, is the point. (Values instead of structs: solc's checker forgets those.)
contract MatchWithinFee {
    function begin() external pure {
        assert(_within(1, 500, 500, 0, 250, 250, 0));
    }

    function pass(
        uint256 epoch,
        uint256 fee,
        uint256 feeNext,
        uint256 feeFrom,
        uint256 matching,
        uint256 matchNext,
        uint256 matchFrom,
        uint256 epochs
    ) external pure {
        require(epoch <= 1e18 && epochs <= 1e18);
        require(_within(epoch, fee, feeNext, feeFrom, matching, matchNext, matchFrom));
        epoch += epochs;
        assert(_within(epoch, fee, feeNext, feeFrom, matching, matchNext, matchFrom));
        assert(_value(epoch, matching, matchNext, matchFrom) <= _value(epoch, fee, feeNext, feeFrom)); // 13
    }

    function setFee(
        uint256 epoch,
        uint256 fee,
        uint256 feeNext,
        uint256 feeFrom,
        uint256 matching,
        uint256 matchNext,
        uint256 matchFrom,
        uint256 value,
        uint256 notBefore
    ) external pure {
        require(epoch <= 1e18 && notBefore <= 1e18);
        require(_within(epoch, fee, feeNext, feeFrom, matching, matchNext, matchFrom));
        uint256 now_ = _value(epoch, fee, feeNext, feeFrom);
        feeFrom = _effective(epoch, notBefore);
        require(_within(epoch, now_, value, feeFrom, matching, matchNext, matchFrom)); // else Params reverts
        assert(_value(epoch, matching, matchNext, matchFrom) <= _value(epoch, now_, value, feeFrom)); // 13
        assert(_value(epoch, now_, value, feeFrom) == now_); // nothing changes in the epoch of the change
    }

    function setMatch(
        uint256 epoch,
        uint256 fee,
        uint256 feeNext,
        uint256 feeFrom,
        uint256 matching,
        uint256 matchNext,
        uint256 matchFrom,
        uint256 value,
        uint256 notBefore
    ) external pure {
        require(epoch <= 1e18 && notBefore <= 1e18);
        require(_within(epoch, fee, feeNext, feeFrom, matching, matchNext, matchFrom));
        uint256 now_ = _value(epoch, matching, matchNext, matchFrom);
        matchFrom = _effective(epoch, notBefore);
        require(_within(epoch, fee, feeNext, feeFrom, now_, value, matchFrom)); // else Params reverts
        assert(_value(epoch, now_, value, matchFrom) <= _value(epoch, fee, feeNext, feeFrom)); // 13
        assert(_value(epoch, now_, value, matchFrom) == now_);
    }

    function _value(uint256 epoch, uint256 current, uint256 next, uint256 from) private pure returns (uint256) {
        return epoch >= from ? next : current;
    }

    function _effective(uint256 epoch, uint256 notBefore) private pure returns (uint256) {
        return notBefore > epoch + 1 ? notBefore : epoch + 1;
    }

    /// @dev The largest match of now and later against the smallest fee.
    function _within(
        uint256 epoch,
        uint256 fee,
        uint256 feeNext,
        uint256 feeFrom,
        uint256 matching,
        uint256 matchNext,
        uint256 matchFrom
    ) private pure returns (bool) {
        uint256 most = _value(epoch, matching, matchNext, matchFrom);
        if (matchNext > most) most = matchNext;
        uint256 least = _value(epoch, fee, feeNext, feeFrom);
        if (feeNext < least) least = feeNext;
        return most <= least;
    }
}
