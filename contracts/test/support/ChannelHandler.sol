// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {InferenceChannels} from "../../src/InferenceChannels.sol";
import {Std} from "./Std.sol";

/// @dev Random life of eight channels between two payers and two receivers. Ghosts record what was signed and paid.
contract ChannelHandler is Std {
    IERC20 private immutable token;
    InferenceChannels private immutable channels;
    uint256 private constant SESSION = 0x5e55;
    bytes32[] public ids;
    mapping(bytes32 => uint256) public maxSigned;
    mapping(address => uint256) public settled;
    mapping(bytes32 => uint256) public deposited;
    mapping(bytes32 => uint256) public returned;
    bool public earlyWithdrawal;

    constructor(IERC20 token_, InferenceChannels channels_) {
        token = token_;
        channels = channels_;
    }

    function count() external view returns (uint256) {
        return ids.length;
    }

    function receiver(uint256 i) public pure returns (address) {
        return address(uint160(0x7000 + i % 2));
    }

    function payer(uint256 i) public pure returns (address) {
        return address(uint160(0x6000 + i % 2));
    }

    function open(uint256 seed, uint96 amount) external {
        if (ids.length >= 8) return;
        amount = uint96(bound(amount, 0, 1e21));
        vm.prank(payer(seed));
        bytes32 id = channels.open(receiver(seed >> 1), vm.addr(SESSION), 1 hours, bytes32(ids.length), amount);
        ids.push(id);
        deposited[id] += amount;
    }

    function deposit(uint256 seed, uint96 amount) external {
        bytes32 id = _pick(seed);
        amount = uint96(bound(amount, 0, 1e21));
        vm.prank(payer(seed));
        channels.deposit(id, amount);
        deposited[id] += amount;
    }

    /// @dev Signs anything up to twice the balance, and claims anything up to that or beyond.
    function claim(uint256 seed, uint128 signed, uint128 total) public {
        bytes32 id = _pick(seed);
        (address to, uint96 balance,,,,,,) = channels.channels(id);
        signed = uint128(bound(signed, 0, 2 * uint256(balance) + 1));
        total = uint128(bound(total, 0, uint256(signed) + signed / 8));
        InferenceChannels.Row[] memory rows = new InferenceChannels.Row[](2);
        (bytes32 r, bytes32 vs) = signCompact(SESSION, channels.voucherDigest(id, signed));
        if (signed > maxSigned[id]) maxSigned[id] = signed;
        rows[0] = InferenceChannels.Row(id, signed, total / 2, r, vs);
        rows[1] = InferenceChannels.Row(id, signed, total, r, vs);
        vm.prank(to);
        channels.claim(to, rows);
    }

    function settle(uint256 seed) external {
        address to = receiver(seed);
        settled[to] += channels.settle(to);
    }

    function requestWithdraw(uint256 seed, uint96 amount) public {
        bytes32 id = _pick(seed);
        (, uint96 balance,, uint96 claimed, address who,,,) = channels.channels(id);
        vm.prank(who);
        channels.requestWithdraw(id, uint96(bound(amount, 0, balance - claimed)));
    }

    function withdraw(uint256 seed) public {
        bytes32 id = _pick(seed);
        (,,,,,, uint40 readyAt,) = channels.channels(id);
        uint96 amount = channels.withdraw(id);
        returned[id] += amount;
        if (block.timestamp < readyAt) earlyWithdrawal = true;
    }

    function refund(uint256 seed, uint96 amount) external {
        bytes32 id = _pick(seed);
        (address to, uint96 balance,, uint96 claimed,,,,) = channels.channels(id);
        amount = uint96(bound(amount, 0, balance - claimed));
        vm.prank(to);
        channels.refund(id, amount);
        returned[id] += amount;
    }

    function warp(uint256 seconds_) external {
        vm.warp(block.timestamp + bound(seconds_, 1, 2 hours));
    }

    /// @dev Reaches on purpose what random calls rarely do: a claim between the request and the withdrawal.
    function race(uint256 seed, uint96 amount, uint128 signed, uint128 total) external {
        requestWithdraw(seed, amount);
        claim(seed, signed, total);
        vm.warp(block.timestamp + 1 hours);
        withdraw(seed);
        claim(seed, signed, signed);
    }

    function _pick(uint256 seed) private view returns (bytes32) {
        return ids[seed % ids.length];
    }
}
