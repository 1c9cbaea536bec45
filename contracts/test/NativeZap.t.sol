// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {GovernanceOpen} from "../src/GovernanceOpen.sol";
import {IZapChannels, IZapLedger, IZapPools, NativeZap} from "../src/NativeZap.sol";
import {WrappedOpen} from "../src/WrappedOpen.sol";
import {Std} from "./support/Std.sol";

/// @dev A place that takes `percent` of what it is offered, and remembers for whom.
contract Taker is IZapChannels, IZapPools, IZapLedger {
    WrappedOpen private immutable token;
    uint256 public percent = 100;
    address public who;
    uint256 public asked;
    bytes32 public what;

    constructor(WrappedOpen token_) {
        token = token_;
    }

    function setPercent(uint256 percent_) external {
        percent = percent_;
    }

    function openFor(address payer, address receiver, address signer, uint40 delay, bytes32 salt, uint96 amount)
        external
        returns (bytes32 id)
    {
        id = keccak256(abi.encode(payer, receiver, signer, delay, salt));
        _take(payer, id, amount);
    }

    function deposit(bytes32 id, uint96 amount) external {
        _take(msg.sender, id, amount);
    }

    function stake(bytes32 pool, uint96 amount, address to) external {
        _take(to, pool, amount);
    }

    function fund(uint96 amount, bytes32 ref) external {
        _take(msg.sender, ref, amount);
    }

    function _take(address who_, bytes32 what_, uint96 amount) private {
        (who, what, asked) = (who_, what_, amount);
        token.transferFrom(msg.sender, address(this), amount * percent / 100);
    }
}

contract NativeZapTest is Std {
    address private constant USER = address(0x5001);
    WrappedOpen private wopen;
    GovernanceOpen private gopen;
    Taker private taker;
    NativeZap private zap;

    function setUp() public {
        vm.warp(1_800_000_000);
        wopen = new WrappedOpen();
        gopen = new GovernanceOpen(wopen);
        taker = new Taker(wopen);
        zap = new NativeZap(wopen, taker, taker, taker, gopen);
        Address.sendValue(payable(USER), 1_000 ether);
    }

    function _zap(uint256 which, uint256 value) private {
        vm.prank(USER);
        if (which == 0) zap.openChannel{value: value}(address(1), address(2), 3_600, "salt");
        else if (which == 1) zap.depositChannel{value: value}("id");
        else if (which == 2) zap.stake{value: value}("pool");
        else if (which == 3) zap.fund{value: value}("ref");
        else zap.wrapVotes{value: value}();
    }

    function testFuzz_never_keeps_a_wei(uint256 value, uint256 which, uint256 percent, uint96 lost) public {
        value = bound(value, 1, 1_000 ether);
        which = bound(which, 0, 3);
        percent = bound(percent, 0, 100);
        lost = uint96(bound(lost, 0, 1 ether));
        taker.setPercent(percent);
        wopen.deposit{value: lost}(); // somebody's mistake, as tokens
        wopen.transfer(address(zap), lost);
        _zap(which, value);
        uint256 taken = value * percent / 100;
        assertEq(wopen.balanceOf(address(taker)), taken, "taken");
        assertEq(USER.balance, 1_000 ether - taken + lost, "the rest came back");
        assertEq(wopen.balanceOf(address(zap)) + address(zap).balance, 0, "nothing stays");
        assertEq(wopen.allowance(address(zap), address(taker)), 0, "no allowance stays");
        assertEq(taker.asked(), value, "all was offered");
    }

    function test_the_caller_owns_what_it_paid_for() public {
        _zap(0, 5 ether);
        assertEq(taker.who(), USER, "payer of the channel");
        assertEq(taker.what(), keccak256(abi.encode(USER, address(1), address(2), 3_600, bytes32("salt"))), "its terms");
        _zap(2, 5 ether);
        assertEq(taker.who(), USER, "owner of the stake");
        _zap(4, 7 ether);
        assertEq(gopen.balanceOf(USER), 7 ether, "votes");
        assertEq(wopen.balanceOf(address(gopen)), 7 ether, "covered");
    }

    function test_nothing_sent_is_refused() public {
        for (uint256 i; i < 5; ++i) {
            vm.expectRevert(NativeZap.ZapNothingSent.selector);
            _zap(i, 0);
        }
    }

    function test_coins_come_only_from_the_wrapper() public {
        vm.prank(USER);
        (bool done, bytes memory why) = address(zap).call{value: 1}("");
        assertTrue(!done, "refused");
        assertEq(keccak256(why), keccak256(abi.encodeWithSelector(NativeZap.ZapOnlyFromWrapper.selector, USER)), "why");
    }

    function testFuzz_wrapping_is_one_for_one(uint96 into, uint96 out) public {
        into = uint96(bound(into, 0, 1_000 ether));
        out = uint96(bound(out, 0, into));
        vm.prank(USER);
        (bool done,) = address(wopen).call{value: into}("");
        assertTrue(done, "wraps what is sent");
        vm.prank(USER);
        wopen.withdraw(out);
        assertEq(USER.balance, 1_000 ether - into + out, "coins");
        assertEq(wopen.totalSupply(), address(wopen).balance, "covered");
        assertEq(wopen.balanceOf(USER), into - out, "tokens");
    }

    function test_nobody_unwraps_anothers() public {
        vm.prank(USER);
        wopen.deposit{value: 1 ether}();
        vm.expectRevert();
        wopen.withdraw(1);
    }
}
