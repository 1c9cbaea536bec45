// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Directory} from "../../src/Directory.sol";
import {InferenceChannels} from "../../src/InferenceChannels.sol";
import {Std} from "./Std.sol";

/// @dev Channels over any token, one payer with money and approval, one receiver with an operator.
abstract contract ChannelBase is Std {
    IERC20 internal token;
    InferenceChannels internal channels;
    Directory internal directory;
    address internal constant GUARDIAN = address(0x4005);
    uint256 internal constant SESSION = 0x5e55;
    address internal constant TREASURER = address(0x4000);
    address internal constant PAYER = address(0x4001);
    address internal constant RECEIVER = address(0x4002);
    address internal constant OPERATOR = address(0x4003);
    address internal constant STRANGER = address(0x4004);
    uint40 internal constant DELAY = 1 hours;

    function _newToken(address holder) internal virtual returns (IERC20);

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = _newToken(TREASURER);
        directory = new Directory(address(this));
        channels = new InferenceChannels(token, GUARDIAN, directory);
        vm.prank(TREASURER);
        token.transfer(PAYER, 1e24);
        vm.prank(PAYER);
        token.approve(address(channels), type(uint256).max);
        vm.prank(RECEIVER);
        channels.setOperator(OPERATOR, true);
    }

    function _open(uint96 amount) internal returns (bytes32) {
        return _openSalted(amount, "salt");
    }

    function _openSalted(uint96 amount, bytes32 salt) internal returns (bytes32) {
        vm.prank(PAYER);
        return channels.open(RECEIVER, vm.addr(SESSION), DELAY, salt, amount);
    }

    function _row(bytes32 id, uint128 signed, uint128 total) internal view returns (InferenceChannels.Row[] memory rows) {
        rows = new InferenceChannels.Row[](1);
        (bytes32 r, bytes32 vs) = signCompact(SESSION, channels.voucherDigest(id, signed));
        rows[0] = InferenceChannels.Row(id, signed, total, r, vs);
    }

    function _claim(bytes32 id, uint128 signed, uint128 total) internal returns (uint256) {
        InferenceChannels.Row[] memory rows = _row(id, signed, total);
        vm.prank(OPERATOR);
        return channels.claim(RECEIVER, rows);
    }

    function _channel(bytes32 id) internal view returns (InferenceChannels.Channel memory c) {
        (c.receiver, c.balance, c.signer, c.claimed, c.payer, c.delay, c.withdrawAt, c.withdrawing) =
            channels.channels(id);
    }
}
