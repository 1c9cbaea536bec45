// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Faucet} from "../src/Faucet.sol";
import {OpenToken} from "../src/OpenToken.sol";
import {Std} from "./support/Std.sol";

contract OpenTokenTest is Std {
    OpenToken private token;
    Faucet private faucet;
    address private constant HOLDER = address(0x1001);
    address private constant USER = address(0x1002);

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new OpenToken(HOLDER);
        faucet = new Faucet(token);
        vm.prank(HOLDER);
        token.transfer(address(faucet), 2_500 ether);
    }

    function test_supply_is_fixed_and_fits_uint96() public view {
        assertEq(token.totalSupply(), 1e27, "supply");
        assertEq(token.balanceOf(HOLDER) + token.balanceOf(address(faucet)), 1e27, "all to the holder");
        assertLe(token.totalSupply(), type(uint96).max, "uint96");
    }

    function test_burn_only_lowers_the_supply() public {
        vm.prank(HOLDER);
        token.burn(1 ether);
        assertEq(token.totalSupply(), 1e27 - 1 ether, "supply");
    }

    function testFuzz_permit_gives_exactly_one_allowance(uint256 key, uint256 value) public {
        key = bound(key, 1, 1e60);
        bytes32 typehash = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 message = keccak256(abi.encode(typehash, vm.addr(key), USER, value, 0, block.timestamp));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        token.permit(vm.addr(key), USER, value, block.timestamp, v, r, s);
        assertEq(token.allowance(vm.addr(key), USER), value, "allowance");
        assertEq(token.nonces(vm.addr(key)), 1, "nonce");
        vm.expectRevert();
        token.permit(vm.addr(key), USER, value, block.timestamp, v, r, s);
    }

    function testFuzz_votes_follow_delegated_balances(uint96 amount) public {
        amount = uint96(bound(amount, 1, 1e24));
        vm.prank(USER);
        token.delegate(USER);
        vm.prank(HOLDER);
        token.transfer(USER, amount);
        assertEq(token.getVotes(USER), amount, "votes");
        assertEq(token.clock(), block.timestamp, "timestamp clock");
        assertEq(keccak256(bytes(token.CLOCK_MODE())), keccak256("mode=timestamp"), "ERC-6372");
    }

    function test_faucet_serves_each_address_once_a_day_until_empty() public {
        faucet.drip(USER);
        assertEq(token.balanceOf(USER), 1_000 ether, "first drip");
        vm.expectRevert(abi.encodeWithSelector(Faucet.FaucetTooEarly.selector, block.timestamp + 1 days));
        faucet.drip(USER);
        vm.warp(block.timestamp + 1 days);
        faucet.drip(USER);
        vm.expectRevert(abi.encodeWithSelector(Faucet.FaucetEmpty.selector, 500 ether));
        faucet.drip(address(0x1003));
    }
}
