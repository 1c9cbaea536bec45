// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice All of an epoch but its root, in one word:
/// carriedUntil u40 | carried u8 | publisher u32 | prev u32 | status u8 | activeAt u40 | total u96.
type EpochWord is uint256;

using EpochWords for EpochWord global;

/// @title EpochWords: reads and writes the parts of an EpochWord
/// @notice
/// PURPOSE  Packed by hand because solc stores the members of a struct one after the other, which costs a submission 1,600
///          gas, and loads the word again for each member.
/// CANNOT HAPPEN  A part reaching into its neighbour: `make` takes parts of exactly their widths.
library EpochWords {
    uint8 internal constant LIVE = 1;
    uint8 internal constant REVOKED = 2;

    /// @notice A live epoch.
    function make(uint96 total_, uint40 activeAt_, uint32 prev_, uint32 publisher_, uint256 carry)
        internal
        pure
        returns (EpochWord)
    {
        uint256 low = uint256(total_) | uint256(activeAt_) << 96 | uint256(LIVE) << 136 | uint256(prev_) << 144;
        return EpochWord.wrap(low | uint256(publisher_) << 176 | carry << 208);
    }

    function total(EpochWord w) internal pure returns (uint96) {
        return uint96(EpochWord.unwrap(w));
    }

    /// @notice When its window ends.
    function activeAt(EpochWord w) internal pure returns (uint40) {
        return uint40(EpochWord.unwrap(w) >> 96);
    }

    /// @notice 0 none, LIVE or REVOKED.
    function status(EpochWord w) internal pure returns (uint8) {
        return uint8(EpochWord.unwrap(w) >> 136);
    }

    function prev(EpochWord w) internal pure returns (uint32) {
        return uint32(EpochWord.unwrap(w) >> 144);
    }

    function publisher(EpochWord w) internal pure returns (uint32) {
        return uint32(EpochWord.unwrap(w) >> 176);
    }

    /// @notice How many epochs rejected challenges keep pending beyond the spacing rule, and until when.
    function carried(EpochWord w) internal pure returns (uint8) {
        return uint8(EpochWord.unwrap(w) >> 208);
    }

    function carriedUntil(EpochWord w) internal pure returns (uint40) {
        return uint40(EpochWord.unwrap(w) >> 216);
    }

    /// @notice `carried` and `carriedUntil` together, as `make` takes them.
    function carryOf(uint8 count, uint40 until) internal pure returns (uint256) {
        return uint256(count) | uint256(until) << 8;
    }

    function revoked(EpochWord w) internal pure returns (EpochWord) {
        return EpochWord.wrap(EpochWord.unwrap(w) & ~(uint256(0xff) << 136) | uint256(REVOKED) << 136);
    }

    function withPrev(EpochWord w, uint32 prev_) internal pure returns (EpochWord) {
        return EpochWord.wrap(EpochWord.unwrap(w) & ~(uint256(type(uint32).max) << 144) | uint256(prev_) << 144);
    }

    /// @notice The same epoch with a fresh window.
    function renewed(EpochWord w, uint40 activeAt_, uint256 carry) internal pure returns (EpochWord) {
        return make(total(w), activeAt_, prev(w), publisher(w), carry);
    }
}
