// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {GuardianPause} from "../src/lib/GuardianPause.sol";
import {OpenToken} from "../src/OpenToken.sol";
import {ChannelBase} from "./support/ChannelBase.sol";
import {PlainOpen, TaxedOpen} from "./support/Tokens.sol";

abstract contract InferenceChannelsSuite is ChannelBase {
    uint256 private constant TOWER_RECEIVER = 0x70e1;
    uint256 private constant TOWER_OPERATOR = 0x70e2;

    function testFuzz_open_binds_everything_into_the_id(uint96 amount, bytes32 salt) public {
        amount = uint96(bound(amount, 0, 1e24));
        bytes32 id = _openSalted(amount, salt);
        address signer = vm.addr(SESSION);
        assertEq(
            id,
            keccak256(abi.encode(block.chainid, address(channels), PAYER, RECEIVER, signer, DELAY, salt)),
            "id"
        );
        InferenceChannels.Channel memory c = _channel(id);
        assertEq(c.balance, amount, "balance");
        assertEq(c.payer, PAYER, "payer");
        assertEq(c.signer, signer, "signer");
        assertEq(token.balanceOf(address(channels)), amount, "money");
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelExists.selector, id));
        _openSalted(amount, salt);
    }

    function test_open_refuses_bad_terms() public {
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelDelayInvalid.selector, 15 minutes - 1));
        channels.open(RECEIVER, PAYER, 15 minutes - 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelDelayInvalid.selector, 30 days + 1));
        channels.open(RECEIVER, PAYER, 30 days + 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelReceiverInvalid.selector, address(0)));
        channels.open(address(0), PAYER, DELAY, 0, 0);
        bytes32 id = channels.open(RECEIVER, address(0), DELAY, 0, 0);
        assertEq(_channel(id).signer, PAYER, "no signer means the payer");
    }

    function test_anyone_may_deposit_into_an_existing_channel_only() public {
        bytes32 id = _open(5 ether);
        vm.prank(TREASURER);
        token.approve(address(channels), 2 ether);
        vm.prank(TREASURER);
        channels.deposit(id, 2 ether);
        assertEq(_channel(id).balance, 7 ether, "balance");
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelUnknown.selector, bytes32("none")));
        channels.deposit("none", 1);
    }

    function testFuzz_claims_are_cumulative(uint96 deposit, uint128[6] calldata totals) public {
        deposit = uint96(bound(deposit, 0, 1e24));
        bytes32 id = _open(deposit);
        uint256 expected;
        for (uint256 i; i < 6; ++i) {
            uint256 before = expected;
            uint256 reachable = totals[i] < deposit ? totals[i] : deposit;
            if (reachable > expected) expected = reachable;
            assertEq(_claim(id, totals[i], totals[i]), expected - before, "new money");
            assertEq(_channel(id).claimed, expected, "claimed");
            assertEq(channels.due(RECEIVER), expected, "due");
        }
        assertEq(channels.settle(RECEIVER), expected, "settled");
        assertEq(token.balanceOf(RECEIVER), expected, "paid");
        assertEq(channels.settle(RECEIVER), 0, "nothing twice");
    }

    function testFuzz_never_more_than_signed(uint128 signed, uint128 total) public {
        signed = uint128(bound(signed, 0, 1e24));
        total = uint128(bound(total, 0, 2e24));
        bytes32 id = _open(1e24);
        InferenceChannels.Row[] memory rows = _row(id, signed, total);
        if (total > signed) {
            vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelOverVoucher.selector, id, total, signed));
        }
        vm.prank(OPERATOR);
        channels.claim(RECEIVER, rows);
        assertEq(_channel(id).claimed, total > signed ? 0 : total, "claimed");
    }

    function testFuzz_forged_vouchers_are_rejected(uint256 key) public {
        key = bound(key, 1, 1e60);
        vm.assume(key != SESSION);
        bytes32 id = _open(1 ether);
        InferenceChannels.Row[] memory rows = _row(id, 1, 1);
        (rows[0].r, rows[0].vs) = signCompact(key, channels.voucherDigest(id, 1));
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelBadSignature.selector, id, vm.addr(key)));
        vm.prank(RECEIVER);
        channels.claim(RECEIVER, rows);
    }

    function test_a_voucher_fits_no_other_channel_chain_or_contract() public {
        bytes32 id = _open(1 ether);
        bytes32 other = _openSalted(1 ether, "other");
        InferenceChannels.Row[] memory rows = _row(id, 1 ether, 1 ether);
        rows[0].id = other;
        vm.expectPartialRevert(InferenceChannels.ChannelBadSignature.selector);
        vm.prank(RECEIVER);
        channels.claim(RECEIVER, rows);
        rows[0].id = id;
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(InferenceChannels.ChannelBadSignature.selector);
        vm.prank(RECEIVER);
        channels.claim(RECEIVER, rows);
        vm.chainId(31337);
        InferenceChannels twin = new InferenceChannels(token, GUARDIAN, directory);
        assertTrue(twin.voucherDigest(id, 1 ether) != channels.voucherDigest(id, 1 ether), "contract bound");
    }

    /// @dev Malleability: the mirrored signature (r, n - s) recovers the same key in ecrecover and must be refused.
    function test_high_s_is_refused() public {
        bytes32 id = _open(1 ether);
        InferenceChannels.Row[] memory rows = _row(id, 1, 1);
        uint256 n = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(SESSION, channels.voucherDigest(id, 1));
        uint256 mirrored = n - uint256(s);
        assertTrue(ecrecover(channels.voucherDigest(id, 1), 55 - v, r, bytes32(mirrored)) == vm.addr(SESSION), "same key");
        // A high s has its top bit set, which the compact form reads as parity: it can only recover somebody else.
        rows[0].vs = bytes32(mirrored);
        vm.expectRevert();
        vm.prank(RECEIVER);
        channels.claim(RECEIVER, rows);
    }

    function test_only_receiver_and_operator_claim() public {
        bytes32 id = _open(1 ether);
        InferenceChannels.Row[] memory rows = _row(id, 1 ether, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelForbidden.selector, STRANGER));
        vm.prank(STRANGER);
        channels.claim(RECEIVER, rows);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelWrongReceiver.selector, id, RECEIVER));
        vm.prank(STRANGER);
        channels.claim(STRANGER, rows);
        vm.prank(RECEIVER);
        channels.setOperator(OPERATOR, false);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelForbidden.selector, OPERATOR));
        vm.prank(OPERATOR);
        channels.claim(RECEIVER, rows);
    }

    function test_one_batch_claims_many_channels_and_skips_stale_rows() public {
        bytes32 a = _openSalted(1 ether, "a");
        bytes32 b = _openSalted(1 ether, "b");
        _claim(a, 0.6 ether, 0.6 ether);
        InferenceChannels.Row[] memory rows = new InferenceChannels.Row[](3);
        rows[0] = _row(a, 0.5 ether, 0.5 ether)[0];
        rows[1] = _row(b, 0.7 ether, 0.2 ether)[0];
        rows[2] = _row(b, 0.7 ether, 0.3 ether)[0];
        vm.prank(OPERATOR);
        assertEq(channels.claim(RECEIVER, rows), 0.3 ether, "sum of the new");
        assertEq(channels.due(RECEIVER), 0.9 ether, "due");
    }

    /// @dev Claim first: the withdrawal gets the rest. Withdraw first: the claim gets the rest and does not fail.
    function testFuzz_claim_and_withdrawal_never_take_the_same_wei(uint96 claimed, uint96 asked, bool claimFirst) public {
        claimed = uint96(bound(claimed, 1, 10 ether));
        asked = uint96(bound(asked, 1, 10 ether));
        bytes32 id = _open(10 ether);
        vm.prank(PAYER);
        channels.requestWithdraw(id, asked);
        vm.warp(block.timestamp + DELAY);
        uint256 before = token.balanceOf(PAYER);
        if (claimFirst) _claim(id, claimed, claimed);
        channels.withdraw(id);
        if (!claimFirst) _claim(id, claimed, claimed);
        uint256 back = token.balanceOf(PAYER) - before;
        uint256 free = 10 ether - (claimFirst ? claimed : 0);
        assertEq(back, asked < free ? asked : free, "withdrawn");
        uint256 left = 10 ether - back;
        assertEq(channels.due(RECEIVER), claimed < left ? claimed : left, "claimed");
        InferenceChannels.Channel memory c = _channel(id);
        assertEq(
            uint256(c.balance) - c.claimed + channels.due(RECEIVER), token.balanceOf(address(channels)), "solvent"
        );
    }

    function test_withdrawal_waits_and_only_the_payer_asks() public {
        bytes32 id = _open(1 ether);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelForbidden.selector, STRANGER));
        vm.prank(STRANGER);
        channels.requestWithdraw(id, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelNothingToWithdraw.selector, id));
        channels.withdraw(id);
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelInsufficient.selector, id, 1 ether, 2 ether));
        channels.requestWithdraw(id, 2 ether);
        channels.requestWithdraw(id, 1 ether);
        uint256 ready = block.timestamp + DELAY;
        vm.warp(ready - 1);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelWithdrawNotReady.selector, ready));
        channels.withdraw(id);
        channels.requestWithdraw(id, 0.4 ether); // starts again
        vm.warp(ready);
        vm.expectPartialRevert(InferenceChannels.ChannelWithdrawNotReady.selector);
        channels.withdraw(id);
        vm.warp(ready + DELAY);
        vm.stopPrank();
        assertEq(channels.withdraw(id), 0.4 ether, "by anyone, to the payer");
        assertEq(token.balanceOf(PAYER), 1e24 - 0.6 ether, "paid");
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelNothingToWithdraw.selector, id));
        channels.withdraw(id);
    }

    function test_a_request_of_zero_cancels() public {
        bytes32 id = _open(1 ether);
        vm.startPrank(PAYER);
        channels.requestWithdraw(id, 1 ether);
        channels.requestWithdraw(id, 0);
        vm.warp(block.timestamp + 30 days);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelNothingToWithdraw.selector, id));
        channels.withdraw(id);
    }

    /// @dev An emptied channel keeps `claimed`: old vouchers stay dead when money returns.
    function test_old_vouchers_stay_spent_after_a_full_withdrawal() public {
        bytes32 id = _open(1 ether);
        _claim(id, 0.4 ether, 0.4 ether);
        vm.prank(PAYER);
        channels.requestWithdraw(id, 0.6 ether);
        vm.warp(block.timestamp + DELAY);
        channels.withdraw(id);
        vm.prank(PAYER);
        channels.deposit(id, 1 ether);
        assertEq(_claim(id, 0.4 ether, 0.4 ether), 0, "spent");
        assertEq(_claim(id, 0.5 ether, 0.5 ether), 0.1 ether, "only what is new");
    }

    function test_open_for_another_gives_the_channel_to_that_payer() public {
        vm.startPrank(TREASURER);
        token.approve(address(channels), 2 ether);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelPayerInvalid.selector, address(0)));
        channels.openFor(address(0), RECEIVER, address(0), DELAY, "gift", 1 ether);
        vm.expectRevert(InferenceChannels.ChannelEmptyDeposit.selector);
        channels.openFor(STRANGER, RECEIVER, address(0), DELAY, "gift", 0);
        bytes32 id = channels.openFor(STRANGER, RECEIVER, address(0), DELAY, "gift", 2 ether);
        vm.stopPrank();
        assertEq(id, channels.channelId(STRANGER, RECEIVER, STRANGER, DELAY, "gift"), "id of the payer");
        assertEq(_channel(id).signer, STRANGER, "signer");
        vm.prank(STRANGER);
        channels.requestWithdraw(id, 2 ether);
        vm.warp(block.timestamp + DELAY);
        channels.withdraw(id);
        assertEq(token.balanceOf(STRANGER), 2 ether, "the payer's money");
    }

    function testFuzz_a_watchtower_takes_what_the_receiver_signed(uint96 total, bool byOperator) public {
        total = uint96(bound(total, 1, 1 ether));
        (bytes32 id, address receiver) = _signedReceiver();
        InferenceChannels.Row[] memory rows = _row(id, 1 ether, total);
        uint256 key = byOperator ? TOWER_OPERATOR : TOWER_RECEIVER;
        uint256 deadline = block.timestamp + 1 hours;
        bytes memory signature = signLong(key, channels.chargesDigest(receiver, rows, deadline));
        vm.prank(STRANGER);
        assertEq(channels.claimBySig(receiver, rows, deadline, vm.addr(key), signature), total, "taken");
        assertEq(channels.claimBySig(receiver, rows, deadline, vm.addr(key), signature), 0, "nothing twice");
        assertEq(channels.due(receiver), total, "due to the receiver");
    }

    function test_a_watchtower_can_change_nothing_of_what_was_signed() public {
        (bytes32 id, address receiver) = _signedReceiver();
        InferenceChannels.Row[] memory rows = _row(id, 1 ether, 0.3 ether);
        uint256 deadline = block.timestamp + 1 hours;
        address signer = vm.addr(TOWER_RECEIVER);
        bytes memory signature = signLong(TOWER_RECEIVER, channels.chargesDigest(receiver, rows, deadline));
        rows[0].total = 0.4 ether; // the payer signed 1 ether, but the receiver charges 0.3
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelSignatureInvalid.selector, signer));
        channels.claimBySig(receiver, rows, deadline, signer, signature);
        rows[0].total = 0.3 ether;
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelSignatureInvalid.selector, signer));
        channels.claimBySig(receiver, rows, deadline + 1, signer, signature);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelForbidden.selector, STRANGER));
        channels.claimBySig(receiver, rows, deadline, STRANGER, signature);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelForbidden.selector, signer));
        channels.claimBySig(RECEIVER, rows, deadline, signer, signature);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelSignatureExpired.selector, deadline));
        channels.claimBySig(receiver, rows, deadline, signer, signature);
        vm.warp(deadline);
        assertEq(channels.claimBySig(receiver, rows, deadline, signer, signature), 0.3 ether, "unchanged it counts");
    }

    /// @dev Invariant 16: a pause stops deposits; claim, settle, refund, request and withdraw go on.
    function test_a_pause_stops_deposits_and_no_exit() public {
        bytes32 id = _open(2 ether);
        vm.prank(GUARDIAN);
        channels.pause();
        uint256 until = block.timestamp + 72 hours;
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseActive.selector, until));
        _openSalted(1 ether, "paused");
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseActive.selector, until));
        channels.deposit(id, 1);
        _claim(id, 0.5 ether, 0.5 ether);
        channels.settle(RECEIVER);
        vm.prank(OPERATOR);
        channels.refund(id, 0.5 ether);
        vm.prank(PAYER);
        channels.requestWithdraw(id, 1 ether);
        vm.warp(block.timestamp + DELAY);
        channels.withdraw(id);
        assertEq(token.balanceOf(address(channels)), 0, "all left during the pause");
        vm.warp(until);
        vm.prank(PAYER);
        channels.deposit(id, 1);
    }

    function test_the_guardian_stops_at_most_half_of_the_time() public {
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseForbidden.selector, STRANGER));
        vm.prank(STRANGER);
        channels.pause();
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseForbidden.selector, STRANGER));
        vm.prank(STRANGER);
        channels.unpause();
        vm.startPrank(GUARDIAN);
        vm.expectRevert(GuardianPause.PauseNotActive.selector);
        channels.unpause();
        channels.pause();
        vm.warp(block.timestamp + 1 hours);
        channels.unpause();
        uint256 again = block.timestamp + 72 hours;
        vm.warp(again - 1);
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseCoolingDown.selector, again));
        channels.pause();
        vm.warp(again);
        channels.pause();
        vm.stopPrank();
    }

    function test_a_sunset_ends_deposits_for_ever_and_no_exit() public {
        bytes32 id = _open(1 ether);
        vm.expectRevert(GuardianPause.SunsetNotDeclared.selector);
        channels.close();
        directory.setSunset(address(channels), block.timestamp + 1 days);
        vm.warp(block.timestamp + 1 days);
        channels.close();
        vm.expectRevert(GuardianPause.SunsetNotDeclared.selector);
        channels.close();
        vm.expectRevert(GuardianPause.SunsetReached.selector);
        channels.deposit(id, 1);
        assertEq(_claim(id, 0.4 ether, 0.4 ether), 0.4 ether, "claims go on");
        channels.settle(RECEIVER);
        vm.prank(PAYER);
        channels.requestWithdraw(id, 0.6 ether);
        vm.warp(block.timestamp + DELAY);
        assertEq(channels.withdraw(id), 0.6 ether, "withdrawals go on");
    }

    function _signedReceiver() private returns (bytes32 id, address receiver) {
        receiver = vm.addr(TOWER_RECEIVER);
        vm.prank(receiver);
        channels.setOperator(vm.addr(TOWER_OPERATOR), true);
        vm.prank(PAYER);
        id = channels.open(receiver, vm.addr(SESSION), DELAY, "tower", 1 ether);
    }

    function test_refund_by_the_receiver_side_at_once() public {
        bytes32 id = _open(1 ether);
        _claim(id, 0.4 ether, 0.4 ether);
        vm.expectRevert(abi.encodeWithSelector(InferenceChannels.ChannelForbidden.selector, PAYER));
        vm.prank(PAYER);
        channels.refund(id, 0.1 ether);
        vm.startPrank(OPERATOR);
        vm.expectRevert(
            abi.encodeWithSelector(InferenceChannels.ChannelInsufficient.selector, id, 0.6 ether, 0.7 ether)
        );
        channels.refund(id, 0.7 ether);
        channels.refund(id, 0.6 ether);
        assertEq(token.balanceOf(PAYER), 1e24 - 0.4 ether, "back");
        assertEq(_channel(id).balance, 0.4 ether, "balance");
    }
}

contract InferenceChannelsPlainTest is InferenceChannelsSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    /// @dev The real OPEN has no permit: the permit fails silently and the allowance decides.
    function test_open_with_permit_works_on_a_token_without_permit() public {
        InferenceChannels.Permit memory permit;
        vm.prank(PAYER);
        bytes32 id = channels.openWithPermit(RECEIVER, address(0), DELAY, 0, 1 ether, permit);
        assertEq(_channel(id).balance, 1 ether, "balance");
    }

    function test_fee_on_transfer_is_refused() public {
        TaxedOpen taxed = new TaxedOpen(PAYER);
        InferenceChannels other = new InferenceChannels(taxed, GUARDIAN, directory);
        vm.startPrank(PAYER);
        taxed.approve(address(other), 100 ether);
        vm.expectRevert(
            abi.encodeWithSelector(InferenceChannels.ChannelTokenNotExact.selector, 99 ether, 100 ether)
        );
        other.open(RECEIVER, PAYER, DELAY, 0, 100 ether);
    }
}

contract InferenceChannelsOpenTokenTest is InferenceChannelsSuite {
    uint256 private constant NEWCOMER = 0xbeef;

    function _newToken(address holder) internal override returns (IERC20) {
        return new OpenToken(holder);
    }

    function test_permit_opens_and_tops_up_without_an_approval_even_when_front_run() public {
        address payer = vm.addr(NEWCOMER);
        vm.prank(TREASURER);
        token.transfer(payer, 10 ether);
        InferenceChannels.Permit memory permit = _permit(3 ether, 0);
        vm.prank(payer);
        bytes32 id = channels.openWithPermit(RECEIVER, address(0), DELAY, 0, 3 ether, permit);
        permit = _permit(2 ether, 1);
        // A front-runner uses the permit first.
        OpenToken(address(token)).permit(
            payer, address(channels), permit.value, permit.deadline, permit.v, permit.r, permit.s
        );
        vm.prank(payer);
        channels.depositWithPermit(id, 2 ether, permit);
        assertEq(_channel(id).balance, 5 ether, "balance");
        vm.expectRevert();
        vm.prank(payer);
        channels.depositWithPermit(id, 2 ether, permit);
    }

    function _permit(uint256 value, uint256 nonce) private view returns (InferenceChannels.Permit memory p) {
        bytes32 typehash = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        p.value = value;
        p.deadline = block.timestamp + 1 hours;
        bytes32 message =
            keccak256(abi.encode(typehash, vm.addr(NEWCOMER), address(channels), value, nonce, p.deadline));
        bytes32 domain = OpenToken(address(token)).DOMAIN_SEPARATOR();
        (p.v, p.r, p.s) = vm.sign(NEWCOMER, keccak256(abi.encodePacked(hex"1901", domain, message)));
    }
}
