// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Directory} from "../src/Directory.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {ChannelHandler} from "./support/ChannelHandler.sol";
import {Std} from "./support/Std.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Invariants 6 and 7 of the protocol: to the wei, after any sequence of calls.
contract InferenceChannelsInvariantTest is Std {
    IERC20 private token;
    InferenceChannels private channels;
    ChannelHandler private handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new PlainOpen(address(this));
        channels = new InferenceChannels(token, address(0xfe02), new Directory(address(this)));
        handler = new ChannelHandler(token, channels);
        for (uint256 i; i < 2; ++i) {
            token.transfer(handler.payer(i), 1e26);
            vm.prank(handler.payer(i));
            token.approve(address(channels), type(uint256).max);
            handler.open(i, 1e20);
        }
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_free_and_due_equal_the_balance() public view {
        uint256 liabilities = channels.due(handler.receiver(0)) + channels.due(handler.receiver(1));
        for (uint256 i; i < handler.count(); ++i) {
            (, uint96 balance,, uint96 claimed,,,,) = channels.channels(handler.ids(i));
            assertLe(claimed, balance, "claimed <= balance");
            assertLe(claimed, handler.maxSigned(handler.ids(i)), "claimed <= max signed");
            liabilities += balance - claimed;
        }
        assertEq(token.balanceOf(address(channels)), liabilities, "solvent to the wei");
    }

    function invariant_each_channel_conserves_its_money() public view {
        for (uint256 i; i < handler.count(); ++i) {
            bytes32 id = handler.ids(i);
            (, uint96 balance,,,,,,) = channels.channels(id);
            assertEq(handler.deposited(id), balance + handler.returned(id), "deposited = balance + returned");
        }
    }

    function invariant_receivers_have_what_was_claimed() public view {
        uint256 claimedSum;
        for (uint256 i; i < handler.count(); ++i) {
            (,,, uint96 claimed,,,,) = channels.channels(handler.ids(i));
            claimedSum += claimed;
        }
        uint256 paid = token.balanceOf(handler.receiver(0)) + token.balanceOf(handler.receiver(1));
        uint256 due = channels.due(handler.receiver(0)) + channels.due(handler.receiver(1));
        assertEq(claimedSum, paid + due, "claimed = paid + due");
        assertTrue(!handler.earlyWithdrawal(), "no withdrawal before its time");
    }
}
