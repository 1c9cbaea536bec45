// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OwnBalance} from "../src/lib/OwnBalance.sol";
import {Std} from "./support/Std.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Differential: our assembly against solc's own call.
contract OwnBalanceTest is Std {
    function ours(IERC20 token) external view returns (uint256) {
        return OwnBalance.ownBalance(token);
    }

    function testFuzz_is_what_the_token_says(uint96 amount) public {
        PlainOpen token = new PlainOpen(address(0xd001));
        vm.prank(address(0xd001));
        token.transfer(address(this), bound(amount, 0, 1e27));
        assertEq(this.ours(token), token.balanceOf(address(this)), "balance");
    }

    function test_what_answers_less_than_a_word_is_refused() public {
        _refused(address(0xd002)); // no code: the call succeeds and answers nothing
        vm.etch(address(0xd003), hex"601f5ff3"); // 31 bytes
        _refused(address(0xd003));
        vm.etch(address(0xd004), hex"60205ffd"); // a word, and a revert
        _refused(address(0xd004));
    }

    function _refused(address token) private {
        vm.expectRevert(abi.encodeWithSelector(OwnBalance.OwnBalanceUnreadable.selector, token));
        this.ours(IERC20(token));
    }
}
