// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ISettledEpochs: what others read of the AttributionLedger's epochs
interface ISettledEpochs {
    enum State {
        None,
        Pending,
        Frozen,
        Active,
        Revoked
    }

    function stateOf(uint32 id) external view returns (State);

    /// @notice `top` joins the roots of earnings and receipts; the other words are the ledger's own.
    function epochs(uint32 id)
        external
        view
        returns (
            bytes32 top,
            uint96 total,
            uint40 activeAt,
            uint8 status,
            uint32 prev,
            uint32 publisher,
            uint8 carried,
            uint40 carriedUntil
        );
}
