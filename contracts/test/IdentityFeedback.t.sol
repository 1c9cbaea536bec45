// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AgentFeedback} from "../src/identity/AgentFeedback.sol";
import {Directory} from "../src/Directory.sol";
import {IdentityRegistry} from "../src/IdentityRegistry.sol";
import {ReceiptJson} from "../src/lib/ReceiptJson.sol";
import {FeedbackSetup} from "./support/FeedbackSetup.sol";

contract IdentityFeedbackTest is FeedbackSetup {
    /// @dev Invariant 15, and that the word adds up.
    function testFuzz_feedback_adds_up_and_counts_once_per_receipt(int8[2] calldata scores, uint96[2] calldata fees)
        public
    {
        int256 weighted;
        uint256 weight;
        for (uint256 i; i < 2; ++i) {
            int8 score = int8(int256(bound(uint256(int256(scores[i]) + 128), 28, 228)) - 128);
            uint256 fee = bound(fees[i], 1, 1e27);
            AgentFeedback.PaidReceipt memory r = _paid(i, fee);
            vm.startPrank(PAYER);
            registry.giveFeedback(agent, score, TAG, r, "");
            vm.expectRevert(abi.encodeWithSelector(AgentFeedback.FeedbackGiven.selector, sha256(r.body)));
            registry.giveFeedback(agent, score, "slow", r, "");
            vm.stopPrank();
            weighted += int256(score) * int256(fee / 1 gwei);
            weight += fee / 1 gwei;
            assertTrue(registry.feedbackGiven(sha256(r.body)), "given");
            bytes32 typeWord = keccak256("OpenLedger.Receipt(bytes32 receiptHash,uint256 feeWei)");
            bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(typeWord, sha256(r.body), fee))));
            assertEq(registry.receiptLeafOf(sha256(r.body), fee), leaf, "leaf");
        }
        (uint32 count, uint96 weight_, int128 weighted_) = registry.getSummary(agent, TAG);
        assertEq(count, 2, "count");
        assertEq(weight_, weight, "weight");
        assertEq(uint256(int256(weighted_)), uint256(weighted), "weighted");
    }

    function test_only_the_payer_speaks_and_only_of_the_agent_that_served() public {
        AgentFeedback.PaidReceipt memory r = _paid(1, 5);
        vm.expectRevert(abi.encodeWithSelector(AgentFeedback.FeedbackNotPayer.selector, PAYER, address(this)));
        registry.giveFeedback(agent, 1, TAG, r, "");
        vm.prank(address(0xbad));
        uint256 other = registry.register();
        vm.startPrank(PAYER);
        vm.expectRevert(
            abi.encodeWithSelector(AgentFeedback.FeedbackOfAnotherAgent.selector, GATEWAY, address(0xbad))
        );
        registry.giveFeedback(other, 1, TAG, r, "");
        registry.giveFeedback(agent, 1, TAG, r, "");
    }

    function test_an_agent_that_changed_hands_is_not_praised_for_its_former_owner() public {
        AgentFeedback.PaidReceipt memory r = _paid(1, 5);
        vm.prank(GATEWAY);
        registry.transferFrom(GATEWAY, address(0xbad), agent);
        vm.expectRevert(abi.encodeWithSelector(AgentFeedback.FeedbackOfAnotherAgent.selector, GATEWAY, address(0)));
        vm.prank(PAYER);
        registry.giveFeedback(agent, 1, TAG, r, "");
    }

    function test_epochs_that_are_not_active_prove_nothing() public {
        AgentFeedback.PaidReceipt memory r = _settled(_body(GATEWAY, _quoted(PAYER), 1), 5, true);
        bytes memory inactive = abi.encodeWithSelector(AgentFeedback.FeedbackEpochNotActive.selector, r.epoch);
        vm.startPrank(PAYER);
        vm.expectRevert(inactive);
        registry.giveFeedback(agent, 1, TAG, r, "");
        vm.stopPrank();
        ledger.veto(r.epoch);
        vm.warp(block.timestamp + 2 days);
        vm.startPrank(PAYER);
        vm.expectRevert(inactive);
        registry.giveFeedback(agent, 1, TAG, r, "");
        r.epoch = 99;
        vm.expectRevert(abi.encodeWithSelector(AgentFeedback.FeedbackEpochNotActive.selector, 99));
        registry.giveFeedback(agent, 1, TAG, r, "");
    }

    function test_an_altered_text_fee_or_proof_proves_nothing() public {
        AgentFeedback.PaidReceipt memory r = _paid(1, 5);
        bytes memory invalid = abi.encodeWithSelector(AgentFeedback.FeedbackProofInvalid.selector, r.epoch);
        vm.startPrank(PAYER);
        r.feeWei = 6;
        vm.expectRevert(invalid);
        registry.giveFeedback(agent, 1, TAG, r, "");
        (r.feeWei, r.body) = (5, _body(GATEWAY, _quoted(PAYER), 2));
        vm.expectRevert(invalid);
        registry.giveFeedback(agent, 1, TAG, r, "");
        (r.body, r.proof[0]) = (_body(GATEWAY, _quoted(PAYER), 1), 0);
        vm.expectRevert(invalid);
        registry.giveFeedback(agent, 1, TAG, r, "");
    }

    function test_free_answers_and_unnamed_payers_do_not_speak() public {
        AgentFeedback.PaidReceipt memory r = _paid(1, 0);
        vm.startPrank(PAYER);
        vm.expectRevert(AgentFeedback.FeedbackNotPaid.selector);
        registry.giveFeedback(agent, 1, TAG, r, "");
        r.feeWei = uint256(type(uint96).max) + 1; // more than there can be
        vm.expectRevert(AgentFeedback.FeedbackNotPaid.selector);
        registry.giveFeedback(agent, 1, TAG, r, "");
        vm.stopPrank();
        r = _settled(_body(GATEWAY, "null", 2), 5, false);
        vm.expectRevert(abi.encodeWithSelector(ReceiptJson.ReceiptFieldInvalid.selector, r.payerAt));
        vm.prank(PAYER);
        registry.giveFeedback(agent, 1, TAG, r, "");
    }

    /// @dev Text inside a string cannot pass for a key, because its quotation marks are escaped.
    function test_a_payer_quoted_inside_a_string_is_none() public {
        bytes memory body = bytes.concat(
            '{"attribution":{},"gateway":"',
            bytes(_hex(GATEWAY)),
            '","id":"x,\\"payer\\":\\"',
            bytes(_hex(PAYER)),
            '\\"","payer":null}'
        );
        AgentFeedback.PaidReceipt memory r = _settled(body, 5, false);
        for (uint256 i; i < body.length; i += 7) {
            r.payerAt = i;
            vm.expectPartialRevert(ReceiptJson.ReceiptFieldInvalid.selector);
            vm.prank(PAYER);
            registry.giveFeedback(agent, 1, TAG, r, "");
        }
        r.payerAt = _find(body, ',\\"payer');
        vm.expectPartialRevert(ReceiptJson.ReceiptFieldInvalid.selector);
        vm.prank(PAYER);
        registry.giveFeedback(agent, 1, TAG, r, "");
    }

    function testFuzz_fields_are_read_at_their_place_only(uint256 payerAt, uint256 gatewayAt) public {
        AgentFeedback.PaidReceipt memory r = _paid(1, 5);
        payerAt = bound(payerAt, 0, r.body.length + 50);
        gatewayAt = bound(gatewayAt, 0, r.body.length + 50);
        bool right = payerAt == r.payerAt && gatewayAt == r.gatewayAt;
        (r.payerAt, r.gatewayAt) = (payerAt, gatewayAt);
        if (!right) vm.expectPartialRevert(ReceiptJson.ReceiptFieldInvalid.selector);
        vm.prank(PAYER);
        registry.giveFeedback(agent, 1, TAG, r, "");
    }

    function test_addresses_that_are_not_lower_case_or_not_whole_are_refused() public {
        string[4] memory payers = [
            '"0x5A00000000000000000000000000000000009f01"',
            '"0x5a00000000000000000000000000000000009f0"',
            '"0x5a00000000000000000000000000000000009f0g"',
            '"0x5a00000000000000000000000000000000009f0100"'
        ];
        for (uint256 i; i < 4; ++i) {
            AgentFeedback.PaidReceipt memory r = _settled(_body(GATEWAY, payers[i], i), 5, false);
            vm.expectPartialRevert(ReceiptJson.ReceiptFieldInvalid.selector);
            vm.prank(PAYER);
            registry.giveFeedback(agent, 1, TAG, r, "");
        }
        AgentFeedback.PaidReceipt memory far = _paid(9, 5);
        far.payerAt = type(uint256).max;
        vm.expectRevert();
        vm.prank(PAYER);
        registry.giveFeedback(agent, 1, TAG, far, "");
    }

    function test_scores_are_bounded() public {
        AgentFeedback.PaidReceipt memory r = _paid(1, 5);
        vm.startPrank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(AgentFeedback.FeedbackScoreInvalid.selector, int8(101)));
        registry.giveFeedback(agent, 101, TAG, r, "");
        vm.expectRevert(abi.encodeWithSelector(AgentFeedback.FeedbackScoreInvalid.selector, int8(-101)));
        registry.giveFeedback(agent, -101, TAG, r, "");
        registry.giveFeedback(agent, -100, TAG, r, "");
    }

    function test_without_a_ledger_nobody_speaks() public {
        AgentFeedback.PaidReceipt memory r = _paid(1, 5);
        IdentityRegistry alone = new IdentityRegistry(new Directory(address(this)));
        vm.expectRevert(AgentFeedback.FeedbackLedgerMissing.selector);
        vm.prank(PAYER);
        alone.giveFeedback(agent, 1, TAG, r, "");
    }
}
