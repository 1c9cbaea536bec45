// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Std} from "./Std.sol";

/// @dev Whole transactions (21k and calldata included, by `isolate`) against the targets of the protocol's table.
/// scripts/contracts/gas.ts reads the logged lines; a line "row|target" carries its target.
abstract contract GasTable is Std {
    event log_named_uint(string key, uint256 value);

    string private over;
    string internal constant URI = "ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";

    /// @dev Fails at the end of a test, so that the whole table is printed also when one row is over its target.
    modifier withinTargets() {
        _;
        if (bytes(over).length != 0) revert(string.concat("over target: ", over));
    }

    function _check(string memory what, uint256 target) internal {
        _check(what, vm.lastCallGas().gasTotalUsed, target);
    }

    function _check(string memory what, uint256 used, uint256 target) internal {
        emit log_named_uint(string.concat(what, "|", vm.toString(target)), used);
        if (used > target) over = string.concat(over, what, "; ");
    }

    function _report(string memory what) internal {
        emit log_named_uint(what, vm.lastCallGas().gasTotalUsed);
    }
}
