// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IDisputeCourt: what others need to know of the court
interface IDisputeCourt {
    /// @dev What a case is about: an epoch of the ledger under challenge, a whole pool, or one account in a pool.
    enum Kind {
        Epoch,
        Pool,
        Account
    }

    enum Verdict {
        None, // not decided, or neither side had half of the seats
        Rejected,
        Upheld
    }

    enum Phase {
        None,
        Drawing,
        Committing,
        Revealing,
        Appealable,
        Governing,
        Final,
        Closed
    }

    function phaseOf(uint256 id) external view returns (Phase);
}

/// @dev What the court does with the ledger.
interface IDisputedLedger {
    function disputes(uint32 id) external view returns (address challenger, uint96 bond, uint40 openedAt);
    function epochs(uint32 id)
        external
        view
        returns (bytes32 top, uint96, uint40, uint8, uint32 prev, uint32 publisher, uint8, uint40);
    function publishers(uint32 index) external view returns (address);
    function resolve(uint32 id, bool upheld) external;
}
