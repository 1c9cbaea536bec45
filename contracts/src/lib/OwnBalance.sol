// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title OwnBalance: how much of a token the calling contract holds
/// @notice
/// PURPOSE      `token.balanceOf(address(this))` in scratch memory: each claim asks once and each deposit twice, and what solc writes
///              around that call costs 200 gas.
/// CANNOT HAPPEN  A balance out of a call that failed or that answered less than a word: it reverts.
library OwnBalance {
    error OwnBalanceUnreadable(address token);

    function ownBalance(IERC20 token) internal view returns (uint256 held) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool ok;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, address())
            ok := staticcall(gas(), token, 0x00, 0x24, 0x00, 0x20)
            ok := and(ok, gt(returndatasize(), 0x1f))
            held := mload(0x00)
        }
        if (!ok) revert OwnBalanceUnreadable(address(token));
    }
}
