// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LedgerAccounts} from "../src/lib/LedgerAccounts.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {LedgerBase} from "./support/LedgerBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev To whom an account's money goes: recipients, recoveries, rotations and handles.
contract AttributionLedgerAccountsTest is LedgerBase {
    uint256 private constant KEY = 0xa11ce;
    uint256 private constant RECOVERY = 0x4ec0;
    uint256 private constant AUTHORITY = 0xa07;
    address private constant COLD = address(0x8201);
    address private constant NEW = address(0x8202);
    address private alice;
    address private handle;
    uint32 private id;

    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    /// @dev One active epoch: `alice` (a wallet) has 2 ether, a handle has 1 ether.
    function setUp() public override {
        super.setUp();
        alice = vm.addr(KEY);
        handle = ledger.handleAccount("github:alice");
        directory.set(keccak256("RotationAuthority"), vm.addr(AUTHORITY));
        _fund(3 ether);
        address[] memory who = new address[](2);
        uint96[] memory amounts = new uint96[](2);
        (who[0], who[1], amounts[0], amounts[1]) = (alice, handle, 2 ether, 1 ether);
        id = _submitAs(PUBLISHER, who, amounts, 3 ether);
        vm.warp(block.timestamp + WINDOW);
    }

    function test_a_recipient_waits_and_then_receives() public {
        vm.prank(alice);
        ledger.setRecipient(alice, COLD);
        uint256 readyAt = block.timestamp + RECIPIENT_DELAY;
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerChangeNotReady.selector, readyAt));
        ledger.confirmRecipient(alice);
        vm.warp(readyAt);
        ledger.confirmRecipient(alice);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNoChange.selector, alice));
        ledger.confirmRecipient(alice);
        vm.expectEmit(true, false, false, true);
        emit LedgerTypes.Claimed(id, alice, 2 ether);
        _claimAlice();
        assertEq(token.balanceOf(COLD), 2 ether, "paid to the recipient");
        assertEq(_recipientOf(alice), COLD, "kept");
    }

    /// @dev What the delay is for: a thief announces, the owner claims to the old recipient and cancels.
    function test_a_stolen_key_cannot_redirect_at_once() public {
        _setRecipient(COLD);
        vm.prank(alice);
        ledger.setRecipient(alice, address(0xbad));
        _claimAlice();
        assertEq(token.balanceOf(COLD), 2 ether, "still the old one");
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNotController.selector, alice, GUARDIAN));
        vm.prank(GUARDIAN);
        ledger.cancelChange(alice);
        vm.prank(alice);
        ledger.cancelChange(alice);
        vm.warp(block.timestamp + RECIPIENT_DELAY);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNoChange.selector, alice));
        ledger.confirmRecipient(alice);
        assertEq(_recipientOf(alice), COLD, "as before");
    }

    function test_back_to_the_account_itself_also_waits() public {
        _setRecipient(COLD);
        vm.prank(alice);
        ledger.setRecipient(alice, alice);
        vm.warp(block.timestamp + RECIPIENT_DELAY);
        ledger.confirmRecipient(alice);
        assertEq(_recipientOf(alice), address(0), "itself");
        _claimAlice();
        assertEq(token.balanceOf(alice), 2 ether, "paid");
    }

    function test_only_the_controller_decides_and_only_for_places_that_can_receive() public {
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNotController.selector, alice, COLD));
        vm.prank(COLD);
        ledger.setRecipient(alice, COLD);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNotController.selector, alice, COLD));
        vm.prank(COLD);
        ledger.setRecovery(alice, COLD);
        address[3] memory bad = [address(1), address(ledger), handle];
        vm.startPrank(alice);
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRecipientInvalid.selector, bad[i]));
            ledger.setRecipient(alice, bad[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNoChange.selector, alice));
        ledger.cancelChange(alice);
        vm.stopPrank();
    }

    function test_a_handle_is_paid_only_after_it_was_bound_and_bound_only_once() public {
        bytes32[] memory proof = _proof(id, 1);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerHandleUnbound.selector, handle));
        ledger.claim(id, handle, 1 ether, proof);
        assertEq(ledger.controllerOf(handle), address(0), "nobody");
        _announce(AUTHORITY, handle, NEW);
        assertEq(ledger.controllerOf(handle), address(0), "still nobody");
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRotationPending.selector, handle));
        ledger.claim(id, handle, 1 ether, proof);
        vm.warp(block.timestamp + ROTATION_DELAY);
        ledger.confirmRecipient(handle);
        ledger.claim(id, handle, 1 ether, proof);
        assertEq(token.balanceOf(NEW), 1 ether, "paid to the wallet");
        _expectForbidden(handle, COLD);
        assertEq(ledger.controllerOf(handle), NEW, "the wallet decides now");
        vm.startPrank(NEW);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRecipientInvalid.selector, address(0)));
        ledger.setRecipient(handle, address(0));
        ledger.setRecipient(handle, COLD);
        vm.stopPrank();
        vm.warp(block.timestamp + RECIPIENT_DELAY);
        ledger.confirmRecipient(handle);
        assertEq(ledger.controllerOf(handle), COLD, "handed on");
    }

    /// @dev Bound but never claimed: still bound only once.
    function test_a_bound_handle_is_out_of_the_authoritys_reach() public {
        _announce(AUTHORITY, handle, NEW);
        vm.warp(block.timestamp + ROTATION_DELAY);
        ledger.confirmRecipient(handle);
        _expectForbidden(handle, COLD);
    }

    function test_the_guardian_vetoes_a_rotation_and_its_signature_is_used_up() public {
        uint256 deadline = block.timestamp + 30 days;
        bytes memory signature = _sign(AUTHORITY, handle, NEW, deadline);
        ledger.announceRotation(handle, NEW, deadline, signature);
        vm.prank(GUARDIAN);
        ledger.cancelChange(handle);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureInvalid.selector, vm.addr(AUTHORITY)));
        ledger.announceRotation(handle, NEW, deadline, signature);
        vm.warp(block.timestamp + ROTATION_DELAY);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNoChange.selector, handle));
        ledger.confirmRecipient(handle);
        assertEq(_recipientOf(handle), address(0), "free again");
    }

    function test_a_newer_rotation_replaces_an_older_one_and_starts_again() public {
        _announce(AUTHORITY, handle, COLD);
        vm.warp(block.timestamp + ROTATION_DELAY - 1);
        _announce(AUTHORITY, handle, NEW);
        vm.warp(block.timestamp + 1);
        vm.expectPartialRevert(LedgerAccounts.LedgerChangeNotReady.selector);
        ledger.confirmRecipient(handle);
        vm.warp(block.timestamp + ROTATION_DELAY);
        ledger.confirmRecipient(handle);
        assertEq(_recipientOf(handle), NEW, "the newer one");
    }

    /// @dev A wallet that never acted: the authority may, after four delays, and nobody can push the money away meanwhile.
    function test_a_lost_wallet_that_never_acted_moves_after_the_long_delay() public {
        _announce(AUTHORITY, alice, NEW);
        bytes32[] memory proof = _proof(id, 0);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRotationPending.selector, alice));
        ledger.claim(id, alice, 2 ether, proof);
        uint256 readyAt = block.timestamp + 4 * ROTATION_DELAY;
        vm.warp(readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerChangeNotReady.selector, readyAt));
        ledger.confirmRecipient(alice);
        vm.warp(readyAt);
        ledger.confirmRecipient(alice);
        _claimAlice();
        assertEq(token.balanceOf(NEW), 2 ether, "moved");
    }

    function test_the_authority_cannot_touch_an_account_that_was_paid() public {
        _claimAlice();
        _expectForbidden(alice, NEW);
    }

    function test_the_authority_cannot_touch_an_account_that_ever_acted() public {
        vm.startPrank(alice);
        ledger.setRecipient(alice, COLD);
        vm.stopPrank();
        _expectUnsigned(AUTHORITY, alice, NEW, alice); // its recovery is itself from now on
        vm.prank(alice);
        ledger.cancelChange(alice);
        _expectUnsigned(AUTHORITY, alice, NEW, alice);
    }

    /// @dev A thief's announcement does not shut out the recovery that the owner named before.
    function test_a_recovery_replaces_an_announced_recipient() public {
        vm.startPrank(alice);
        ledger.setRecovery(alice, vm.addr(RECOVERY));
        ledger.setRecipient(alice, address(0xbad));
        vm.stopPrank();
        _announce(RECOVERY, alice, NEW);
        vm.warp(block.timestamp + ROTATION_DELAY);
        ledger.confirmRecipient(alice);
        assertEq(_recipientOf(alice), NEW, "the recovery's");
    }

    function testFuzz_a_sign_of_life_ends_a_rotation_for_ever(uint8 how) public {
        _announce(AUTHORITY, alice, NEW);
        vm.startPrank(alice);
        if (how % 3 == 0) ledger.cancelChange(alice);
        else if (how % 3 == 1) ledger.setRecovery(alice, address(0));
        else ledger.setRecipient(alice, COLD);
        vm.stopPrank();
        assertTrue(_recipientOf(alice) != NEW && _recipientOf(alice) != ledger.HELD(), "free");
        vm.warp(block.timestamp + 5 * ROTATION_DELAY);
        if (how % 3 == 2) {
            _claimAlice(); // before the confirmation: to the account itself
            assertEq(token.balanceOf(alice), 2 ether, "its own");
            ledger.confirmRecipient(alice);
            assertEq(_recipientOf(alice), COLD, "its own choice");
            return;
        }
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerNoChange.selector, alice));
        ledger.confirmRecipient(alice);
        _expectUnsigned(AUTHORITY, alice, NEW, alice);
        _claimAlice();
        assertEq(token.balanceOf(alice), 2 ether, "its own");
    }

    function test_a_recovery_moves_even_a_redirected_account_and_the_old_recipient_is_paid_meanwhile() public {
        vm.prank(alice);
        ledger.setRecovery(alice, vm.addr(RECOVERY));
        _setRecipient(COLD);
        _expectUnsigned(AUTHORITY, alice, NEW, vm.addr(RECOVERY));
        _announce(RECOVERY, alice, NEW);
        _claimAlice();
        assertEq(token.balanceOf(COLD), 2 ether, "not held: it had a recipient");
        vm.warp(block.timestamp + ROTATION_DELAY);
        ledger.confirmRecipient(alice);
        assertEq(_recipientOf(alice), NEW, "moved");
    }

    function test_the_account_cancels_its_recovery() public {
        vm.prank(alice);
        ledger.setRecovery(alice, vm.addr(RECOVERY));
        _announce(RECOVERY, alice, NEW);
        vm.prank(alice);
        ledger.setRecovery(alice, alice);
        assertEq(_recipientOf(alice), address(0), "free");
        _expectUnsigned(RECOVERY, alice, NEW, alice);
    }

    function testFuzz_a_rotation_is_bound_to_what_was_signed(address other, uint256 wait) public {
        uint256 deadline = block.timestamp + 1 days;
        bytes memory signature = _sign(AUTHORITY, handle, NEW, deadline);
        address bob = ledger.handleAccount("github:bob");
        vm.assume(uint160(other) > 1 && other != NEW && other != address(ledger) && !ledger.isHandle(other));
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureInvalid.selector, vm.addr(AUTHORITY)));
        ledger.announceRotation(handle, other, deadline, signature);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureInvalid.selector, vm.addr(AUTHORITY)));
        ledger.announceRotation(bob, NEW, deadline, signature);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRecipientInvalid.selector, handle));
        ledger.announceRotation(handle, handle, deadline, signature);
        vm.warp(block.timestamp + bound(wait, 1 days + 1, 365 days));
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureExpired.selector, deadline));
        ledger.announceRotation(handle, NEW, deadline, signature);
    }

    function test_without_an_authority_nobody_rotates() public {
        directory.set(keccak256("RotationAuthority"), address(0));
        uint256 deadline = block.timestamp + 1 days;
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureInvalid.selector, address(0)));
        ledger.announceRotation(handle, NEW, deadline, new bytes(65));
    }

    function test_a_claim_by_signature_pays_where_the_account_says() public {
        uint256 deadline = block.timestamp + 1 days;
        LedgerTypes.Claim memory row = LedgerTypes.Claim(id, alice, 2 ether, _proof(id, 0));
        bytes memory signature = _signClaim(KEY, NEW, 2 ether, deadline);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureInvalid.selector, alice));
        ledger.claimBySig(row, COLD, deadline, signature);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRecipientInvalid.selector, handle));
        ledger.claimBySig(row, handle, deadline, signature);
        assertEq(ledger.claimBySig(row, NEW, deadline, signature), 2 ether, "amount");
        assertEq(token.balanceOf(NEW), 2 ether, "paid");
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerNothingToClaim.selector, alice));
        ledger.claimBySig(row, NEW, deadline, signature);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureExpired.selector, deadline));
        ledger.claimBySig(row, NEW, deadline, signature);
    }

    /// @dev The recipient was chosen against stolen keys, so the key alone must not get around it.
    function test_a_claim_by_signature_cannot_bypass_a_recipient_nor_a_pending_rotation() public {
        uint256 deadline = block.timestamp + 90 days;
        LedgerTypes.Claim memory row = LedgerTypes.Claim(id, alice, 2 ether, _proof(id, 0));
        bytes memory signature = _signClaim(KEY, NEW, 2 ether, deadline);
        _announce(AUTHORITY, alice, COLD);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRotationPending.selector, alice));
        ledger.claimBySig(row, NEW, deadline, signature);
        _setRecipient(COLD);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRecipientFixed.selector, alice, COLD));
        ledger.claimBySig(row, NEW, deadline, signature);
    }

    function testFuzz_handle_accounts_are_recognised(string calldata name, address other) public view {
        address account = ledger.handleAccount(name);
        assertTrue(ledger.isHandle(account), "a handle");
        assertEq(uint160(account) >> 112, uint256(0x68616e646c65), "tag");
        assertEq(uint112(uint160(account)), uint112(uint256(keccak256(bytes(name)))), "hash");
        assertTrue(ledger.isHandle(other) == (uint160(other) >> 112 == 0x68616e646c65), "nothing else");
    }

    function _setRecipient(address to) private {
        vm.prank(alice);
        ledger.setRecipient(alice, to);
        vm.warp(block.timestamp + RECIPIENT_DELAY);
        ledger.confirmRecipient(alice);
    }

    function _claimAlice() private {
        ledger.claim(id, alice, 2 ether, _proof(id, 0));
    }

    function _recipientOf(address account) private view returns (address recipient) {
        (, recipient) = ledger.accounts(account);
    }

    function _announce(uint256 key, address account, address to) private {
        uint256 deadline = block.timestamp + 1 days;
        ledger.announceRotation(account, to, deadline, _sign(key, account, to, deadline));
    }

    function _expectForbidden(address account, address to) private {
        uint256 deadline = block.timestamp + 1 days;
        bytes memory signature = _sign(AUTHORITY, account, to, deadline);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerRotationForbidden.selector, account));
        ledger.announceRotation(account, to, deadline, signature);
    }

    /// @dev `key` is not whom the ledger asks: that is `expected`.
    function _expectUnsigned(uint256 key, address account, address to, address expected) private {
        uint256 deadline = block.timestamp + 1 days;
        bytes memory signature = _sign(key, account, to, deadline);
        vm.expectRevert(abi.encodeWithSelector(LedgerAccounts.LedgerSignatureInvalid.selector, expected));
        ledger.announceRotation(account, to, deadline, signature);
    }

    function _sign(uint256 key, address account, address to, uint256 deadline) private view returns (bytes memory) {
        bytes32 message =
            keccak256(abi.encode(ledger.ROTATION_TYPEHASH(), account, to, ledger.nonces(account), deadline));
        return signLong(key, _digest(message));
    }

    function _signClaim(uint256 key, address to, uint96 cumulative, uint256 deadline) private view returns (bytes memory) {
        return signLong(
            key, _digest(keccak256(abi.encode(ledger.CLAIM_TO_TYPEHASH(), vm.addr(key), to, cumulative, deadline)))
        );
    }

    /// @dev The domain as EIP-712 says, not as the contract computes it.
    function _digest(bytes32 message) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("AttributionLedger"),
                keccak256("1"),
                block.chainid,
                address(ledger)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }
}
