// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {GovernanceOpen} from "../src/GovernanceOpen.sol";
import {Std} from "./support/Std.sol";
import {PlainOpen, TaxedOpen} from "./support/Tokens.sol";

contract GovernanceOpenTest is Std {
    address private constant ALICE = address(0x1001);
    address private constant BOB = address(0x1002);
    IERC20 private open;
    GovernanceOpen private gopen;

    function setUp() public {
        vm.warp(1_800_000_000);
        open = new PlainOpen(ALICE);
        gopen = new GovernanceOpen(open);
        vm.prank(ALICE);
        open.approve(address(gopen), type(uint256).max);
    }

    function testFuzz_wrapping_and_leaving_is_one_for_one(uint96 wrapped, uint96 left) public {
        wrapped = uint96(bound(wrapped, 0, 1e27));
        left = uint96(bound(left, 0, wrapped));
        vm.prank(ALICE);
        gopen.depositFor(BOB, wrapped);
        vm.prank(BOB);
        gopen.withdrawTo(BOB, left);
        assertEq(open.balanceOf(BOB), left, "left");
        assertEq(gopen.totalSupply(), open.balanceOf(address(gopen)), "covered");
        assertEq(gopen.balanceOf(BOB), wrapped - left, "rest");
    }

    function testFuzz_past_votes_do_not_change_with_later_moves(uint96 amount) public {
        amount = uint96(bound(amount, 1, 1e27));
        vm.prank(ALICE);
        gopen.wrapAndDelegate(amount, BOB);
        assertEq(gopen.getVotes(BOB), amount, "delegated at once");
        uint256 snapshot = block.timestamp;
        vm.warp(snapshot + 1);
        vm.prank(ALICE);
        gopen.withdrawTo(ALICE, amount);
        vm.warp(snapshot + 2);
        assertEq(gopen.getPastVotes(BOB, snapshot), amount, "the past stands");
        assertEq(gopen.getPastVotes(BOB, snapshot + 1), 0, "the present moved");
        assertEq(gopen.getPastTotalSupply(snapshot), amount, "supply of the past");
    }

    function test_a_token_that_takes_a_fee_is_refused() public {
        TaxedOpen taxed = new TaxedOpen(ALICE);
        GovernanceOpen wrapper = new GovernanceOpen(taxed);
        vm.prank(ALICE);
        taxed.approve(address(wrapper), 100 ether);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(GovernanceOpen.GovernanceOpenTokenNotExact.selector, 99 ether, 100 ether));
        wrapper.depositFor(ALICE, 100 ether);
    }

    function testFuzz_permit_of_gopen(uint256 key) public {
        key = bound(key, 1, 1e60);
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 message = keccak256(abi.encode(kind, vm.addr(key), BOB, 5, gopen.nonces(vm.addr(key)), block.timestamp));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", gopen.DOMAIN_SEPARATOR(), message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        gopen.permit(vm.addr(key), BOB, 5, block.timestamp, v, r, s);
        assertEq(gopen.allowance(vm.addr(key), BOB), 5, "allowance");
    }

    function test_its_clock_and_decimals() public view {
        assertEq(gopen.clock(), block.timestamp, "timestamp");
        assertEq(keccak256(bytes(gopen.CLOCK_MODE())), keccak256("mode=timestamp"), "ERC-6372");
        assertEq(gopen.decimals(), 18, "as OPEN");
    }
}
