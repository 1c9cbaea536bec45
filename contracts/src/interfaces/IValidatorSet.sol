// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title IValidatorSet: what the court asks of the validators
interface IValidatorSet {
    /// @notice The term that the present moment belongs to, and when it ends. Weights are the same for a whole term.
    function term() external view returns (uint256 number, uint256 endsAt);

    /// @notice The sum of all weights in this term.
    function totalWeight() external view returns (uint96);

    /// @notice Draws `seats` validators with the weights of this term, each seat on its own; none of `apart` is drawn.
    /// A seat for which nobody fit is the zero address.
    function draw(bytes32 seed, uint256 seats, address[3] calldata apart) external view returns (address[] memory);

    /// @notice The court tells whether a juror did its duty.
    function recordDuty(address validator, bool done) external;
}
