// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OpenToken} from "../src/OpenToken.sol";
import {Std} from "./support/Std.sol";

/// @dev EIP-3009: the digest is built here from the standard's text, not from the contract.
contract OpenToken3009Test is Std {
    OpenToken private token;
    uint256 private constant KEY = 0xA11CE;
    address private constant PAYEE = address(0x2001);
    bytes32 private constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    uint256 private constant NOW = 1_800_000_000;

    struct Signature {
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    function setUp() public {
        vm.warp(NOW);
        token = new OpenToken(vm.addr(KEY));
    }

    function _sign(bytes32 kind, uint256 value, uint256 validBefore, bytes32 nonce)
        private
        view
        returns (Signature memory sig)
    {
        bytes32 message = keccak256(abi.encode(kind, vm.addr(KEY), PAYEE, value, 0, validBefore, nonce));
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message));
        (sig.v, sig.r, sig.s) = vm.sign(KEY, digest);
    }

    function _transfer(uint256 value, uint256 validBefore, bytes32 nonce, Signature memory sig) private {
        token.transferWithAuthorization(vm.addr(KEY), PAYEE, value, 0, validBefore, nonce, sig.v, sig.r, sig.s);
    }

    function testFuzz_random_nonces_move_money_once(uint96 value, bytes32 nonce) public {
        value = uint96(bound(value, 0, 1e27));
        Signature memory sig = _sign(TRANSFER, value, NOW + 1, nonce);
        _transfer(value, NOW + 1, nonce, sig);
        assertEq(token.balanceOf(PAYEE), value, "paid");
        assertTrue(token.authorizationState(vm.addr(KEY), nonce), "used");
        vm.expectRevert();
        _transfer(value, NOW + 1, nonce, sig);
    }

    function test_an_authorization_ends_in_time() public {
        Signature memory sig = _sign(TRANSFER, 1 ether, NOW, "n");
        vm.expectRevert();
        _transfer(1 ether, NOW, "n", sig);
    }

    function test_another_amount_is_refused() public {
        Signature memory sig = _sign(TRANSFER, 1 ether, NOW + 1, "n");
        vm.expectRevert();
        _transfer(2 ether, NOW + 1, "n", sig);
    }

    function test_only_the_payee_receives_by_its_own_call() public {
        Signature memory sig = _sign(RECEIVE, 1 ether, NOW + 1, "n");
        vm.expectRevert();
        token.receiveWithAuthorization(vm.addr(KEY), PAYEE, 1 ether, 0, NOW + 1, "n", sig.v, sig.r, sig.s);
        vm.prank(PAYEE);
        token.receiveWithAuthorization(vm.addr(KEY), PAYEE, 1 ether, 0, NOW + 1, "n", sig.v, sig.r, sig.s);
        assertEq(token.balanceOf(PAYEE), 1 ether, "received");
    }
}
