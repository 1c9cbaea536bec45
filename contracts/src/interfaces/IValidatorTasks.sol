// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IValidatorTasks: what others read of the ValidatorSet's tasks
interface IValidatorTasks {
    enum Answer {
        None,
        Asked,
        Committed,
        Revealed,
        Refunded
    }

    function tasks(bytes32 task)
        external
        view
        returns (address requester, uint96 fee, uint40 commitUntil, uint40 revealUntil);

    /// @notice `word` is the verdict once it is revealed.
    function replies(bytes32 task, address validator) external view returns (Answer state, bytes32 word);
}
