// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetBook} from "../src/datanets/DatanetBook.sol";
import {DatanetDuplicates} from "../src/datanets/DatanetDuplicates.sol";
import {DatanetRecords} from "../src/datanets/DatanetRecords.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {PoolIds} from "../src/lib/PoolIds.sol";
import {DatanetSetup} from "./support/DatanetSetup.sol";

contract DatanetDuplicatesTest is DatanetSetup {
    uint256 private id;
    uint256 private constant MARGIN = 1 hours;
    uint256 private constant REBUTTAL = 2 days;
    uint96 private constant STAKE = 1_000 ether;
    address private constant HONEST = address(0x2201);
    address private constant CARELESS = address(0x2202);
    address private constant PROVER = address(0x2203);

    function setUp() public override {
        super.setUp();
        vm.prank(OWNER);
        id = registry.create(_policy(STAKE, 1, 1 hours), 1, "");
        for (uint256 i; i < 2; ++i) {
            address member = i == 0 ? HONEST : CARELESS;
            _stake(id, member, STAKE * 2);
            vm.prank(member);
            registry.join(id, noProof);
        }
    }

    function test_a_copy_is_void_and_its_proposer_slashed_after_the_time_to_answer() public {
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(MARGIN);
        bytes32 leaf = registry.leafOf(b.record);
        vm.prank(PROVER);
        registry.proveDuplicate(id, a, b);
        assertTrue(!registry.isRetired(id, leaf), "not yet");
        vm.expectRevert(
            abi.encodeWithSelector(DatanetDuplicates.DatanetRebuttalOpen.selector, block.timestamp + REBUTTAL)
        );
        registry.slashDuplicate(id, leaf);
        vm.warp(block.timestamp + REBUTTAL);
        assertTrue(registry.isRetired(id, leaf), "void");
        assertTrue(!registry.isRetired(id, registry.leafOf(a.record)), "the original stands");
        uint256 before = _stakeOf(CARELESS);
        registry.slashDuplicate(id, leaf);
        uint256 taken = before - _stakeOf(CARELESS);
        assertLe(taken, before / 10 + 1, "at most a tenth");
        assertLe(before * 97 / 1_000, taken, "two halves of a tenth, one after the other");
        assertLe(taken - 2, token.balanceOf(PROVER) + token.balanceOf(TREASURY), "paid out");
        assertLe(token.balanceOf(TREASURY), token.balanceOf(PROVER), "half each, of what was left");
        assertEq(_stakeOf(HONEST), 2 * STAKE, "nobody else pays");
    }

    function test_one_batch_costs_one_slash_however_many_copies_it_holds() public {
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(MARGIN);
        registry.proveDuplicate(id, a, b);
        vm.warp(block.timestamp + REBUTTAL);
        bytes32 leaf = registry.leafOf(b.record);
        registry.slashDuplicate(id, leaf);
        uint256 left = _stakeOf(CARELESS);
        vm.expectRevert(abi.encodeWithSelector(DatanetDuplicates.DatanetAlreadySlashed.selector, id, b.batch));
        registry.slashDuplicate(id, leaf);
        assertEq(_stakeOf(CARELESS), left, "once");
        vm.expectRevert(abi.encodeWithSelector(DatanetDuplicates.DatanetDuplicateKnown.selector, id, leaf));
        registry.proveDuplicate(id, a, b);
    }

    /// @dev Snapshots repeat rows. The original stands in batch 1 and again in batch 3, a thief's copy in batch 2: from
    /// batches 2 and 3 alone the original looks like the copy.
    function test_an_original_carried_over_is_no_copy() public {
        DatanetDuplicates.Evidence memory first = _accepted(id, _record(ALICE, ROOT), HONEST);
        vm.warp(block.timestamp + 1 days);
        DatanetDuplicates.Evidence memory copy = _accepted(id, _record(THIEF, ROOT), CARELESS);
        vm.warp(block.timestamp + 1 days);
        DatanetDuplicates.Evidence memory carried = _accepted(id, _record(ALICE, ROOT), HONEST);
        vm.prank(THIEF);
        registry.proveDuplicate(id, copy, carried);
        registry.rebutDuplicate(id, first);
        bytes32 leaf = registry.leafOf(carried.record);
        vm.warp(block.timestamp + 365 days);
        assertTrue(!registry.isRetired(id, leaf), "stands");
        vm.expectRevert(abi.encodeWithSelector(DatanetDuplicates.DatanetDuplicateUnknown.selector, id, leaf));
        registry.slashDuplicate(id, leaf);
        vm.expectRevert(DatanetDuplicates.DatanetNoDuplicate.selector); // and is never to be defended again
        vm.prank(THIEF);
        registry.proveDuplicate(id, copy, carried);
    }

    function test_who_repeats_a_copy_in_a_snapshot_does_not_answer_for_who_brought_it_in() public {
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(1 days);
        DatanetDuplicates.Evidence memory repeated = _accepted(id, b.record, HONEST);
        registry.proveDuplicate(id, a, repeated);
        vm.warp(block.timestamp + 1 days);
        registry.rebutDuplicate(id, b);
        bytes32 leaf = registry.leafOf(b.record);
        vm.warp(block.timestamp + 1 days); // the row's time is over, the new accused's is not
        assertTrue(registry.isRetired(id, leaf), "void all the same");
        vm.expectPartialRevert(DatanetDuplicates.DatanetRebuttalOpen.selector);
        registry.slashDuplicate(id, leaf);
        vm.warp(block.timestamp + 1 days);
        registry.slashDuplicate(id, leaf);
        assertEq(_stakeOf(HONEST), 2 * STAKE, "repeated it");
        assertTrue(_stakeOf(CARELESS) < 2 * STAKE, "brought it in");
    }

    function test_a_late_answer_restores_the_row() public {
        DatanetDuplicates.Evidence memory first = _accepted(id, _record(ALICE, ROOT), HONEST);
        (DatanetDuplicates.Evidence memory copy,) = (_accepted(id, _record(THIEF, ROOT), CARELESS), first);
        vm.warp(block.timestamp + 1 days);
        DatanetDuplicates.Evidence memory carried = _accepted(id, _record(ALICE, ROOT), HONEST);
        registry.proveDuplicate(id, copy, carried);
        vm.warp(block.timestamp + REBUTTAL);
        bytes32 leaf = registry.leafOf(first.record);
        assertTrue(registry.isRetired(id, leaf), "nobody answered in time");
        registry.rebutDuplicate(id, first);
        assertTrue(!registry.isRetired(id, leaf), "restored");
    }

    function testFuzz_within_the_margin_nobody_is_a_copyist(uint256 wait) public {
        wait = bound(wait, 0, 3 * MARGIN);
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(wait);
        if (wait < MARGIN) vm.expectRevert(DatanetDuplicates.DatanetNoDuplicate.selector);
        registry.proveDuplicate(id, a, b);
    }

    function test_other_content_the_same_person_or_the_older_row_is_no_copy() public {
        DatanetDuplicates.Evidence memory a = _accepted(id, _record(ALICE, ROOT), HONEST);
        vm.warp(block.timestamp + 1 days);
        DatanetDuplicates.Evidence memory again =
            _accepted(id, DatanetRecords.Record(ALICE, ROOT, uint64(block.timestamp)), HONEST);
        DatanetDuplicates.Evidence memory own = _accepted(id, _record(THIEF, OTHER), CARELESS);
        DatanetDuplicates.Evidence memory copy = _accepted(id, _record(THIEF, ROOT), CARELESS);
        vm.expectRevert(DatanetDuplicates.DatanetNoDuplicate.selector);
        registry.proveDuplicate(id, a, again);
        vm.expectRevert(DatanetDuplicates.DatanetNoDuplicate.selector);
        registry.proveDuplicate(id, a, own);
        vm.expectRevert(DatanetDuplicates.DatanetNoDuplicate.selector);
        registry.proveDuplicate(id, copy, a);
        vm.expectRevert(DatanetDuplicates.DatanetNoDuplicate.selector);
        registry.proveDuplicate(id, a, a);
    }

    function testFuzz_evidence_must_lead_to_an_accepted_root(bytes32 sibling, uint8 which) public {
        vm.assume(sibling != OTHER);
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(MARGIN);
        DatanetDuplicates.Evidence memory broken = which & 1 == 0 ? a : b;
        broken.proof[0] = sibling;
        bytes memory invalid =
            abi.encodeWithSelector(DatanetDuplicates.DatanetProofInvalid.selector, id, broken.batch);
        vm.expectRevert(invalid);
        registry.proveDuplicate(id, a, b);
        vm.expectRevert(invalid);
        registry.rebutDuplicate(id, broken);
    }

    function test_pending_and_rejected_batches_prove_nothing() public {
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(MARGIN);
        (bytes32 root,,,,) = registry.batches(id, b.batch);
        vm.prank(CARELESS);
        b.batch = registry.propose(id, root, 2, "");
        bytes memory invalid = abi.encodeWithSelector(DatanetDuplicates.DatanetProofInvalid.selector, id, b.batch);
        vm.expectRevert(invalid);
        registry.proveDuplicate(id, a, b);
        vm.prank(OWNER);
        registry.reject(id, b.batch, 0);
        vm.expectRevert(invalid);
        registry.proveDuplicate(id, a, b);
    }

    function test_an_answer_must_be_about_a_proof_and_earlier() public {
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(MARGIN);
        bytes32 leaf = registry.leafOf(b.record);
        vm.expectRevert(abi.encodeWithSelector(DatanetDuplicates.DatanetDuplicateUnknown.selector, id, leaf));
        registry.rebutDuplicate(id, b);
        registry.proveDuplicate(id, a, b);
        vm.expectRevert(DatanetDuplicates.DatanetNoDuplicate.selector);
        registry.rebutDuplicate(id, b); // the same batch is no earlier one
        vm.expectRevert(abi.encodeWithSelector(DatanetDuplicates.DatanetDuplicateUnknown.selector, id, ROOT));
        registry.slashDuplicate(id, ROOT);
    }

    function test_who_unbonds_after_the_proof_still_pays() public {
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(MARGIN);
        vm.prank(PROVER);
        registry.proveDuplicate(id, a, b);
        vm.prank(CARELESS);
        pools.unbond(PoolIds.datanet(id), 2 * STAKE);
        vm.warp(block.timestamp + REBUTTAL);
        registry.slashDuplicate(id, registry.leafOf(b.record));
        assertTrue(token.balanceOf(PROVER) > 90 ether, "a half of a tenth of 2,000");
    }

    function testFuzz_the_slash_follows_the_parameters(uint256 bps, uint256 most) public {
        bps = bound(bps, 2, 3_000);
        most = bound(most, 100, 3_000);
        vm.startPrank(FAST);
        params.set(ParamKeys.DUPLICATE_SLASH_BPS, bps, 0);
        params.set(ParamKeys.SLASH_EVENT_BPS, most, 0);
        vm.stopPrank();
        if (bps > most) bps = most;
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(1 days);
        registry.proveDuplicate(id, a, b);
        vm.warp(block.timestamp + REBUTTAL);
        registry.slashDuplicate(id, registry.leafOf(b.record));
        uint256 taken = 2 * STAKE - _stakeOf(CARELESS);
        assertLe(taken, 2 * uint256(STAKE) * bps / 10_000 + 2, "never more than the parameter");
        assertLe(2 * uint256(STAKE) * bps * 98 / 1_000_000 * 85 / 100, taken, "nor much less");
        assertEq(_stakeOf(HONEST), 2 * STAKE, "nobody else");
    }

    /// @dev Whatever two batches an accuser picks out of any history, one person who answers with the first batch that holds
    /// the accused row makes the outcome the truth: void if and only if that batch came late enough after the original.
    function testFuzz_with_one_honest_answer_the_truth_prevails(uint8 names, uint16 gaps, uint8 pick) public {
        DatanetDuplicates.Evidence[5] memory history;
        uint256[5] memory times;
        for (uint256 i; i < 5; ++i) {
            vm.warp(block.timestamp + ((gaps >> (2 * i)) & 3) * 25 minutes);
            times[i] = block.timestamp;
            bool thief = (names >> i) & 1 == 1;
            history[i] = _accepted(id, _record(thief ? THIEF : ALICE, ROOT), i % 2 == 0 ? HONEST : CARELESS);
        }
        (uint256 a, uint256 b) = (pick % 5, (pick / 5) % 5);
        try registry.proveDuplicate(id, history[a], history[b]) {}
        catch {
            assertTrue(b <= a || times[b] < times[a] + MARGIN || _sameName(names, a, b), "refused what was a copy");
            return;
        }
        uint256 first;
        while (!_sameName(names, first, b)) ++first;
        if (first < b) registry.rebutDuplicate(id, history[first]);
        vm.warp(block.timestamp + REBUTTAL);
        bool copied = first > a && times[first] >= times[a] + MARGIN;
        bytes32 leaf = registry.leafOf(history[b].record);
        assertTrue(registry.isRetired(id, leaf) == copied, "void if and only if copied");
        (uint256 honest, uint256 careless) = (_stakeOf(HONEST), _stakeOf(CARELESS));
        if (!copied) vm.expectPartialRevert(DatanetDuplicates.DatanetDuplicateUnknown.selector);
        registry.slashDuplicate(id, leaf);
        assertTrue((_stakeOf(HONEST) < honest) == (copied && first % 2 == 0), "who brought it in pays");
        assertTrue((_stakeOf(CARELESS) < careless) == (copied && first % 2 == 1), "and nobody else");
    }

    function test_missing_parts_stop_a_slash_and_lose_nothing() public {
        (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b) = _theft(MARGIN);
        registry.proveDuplicate(id, a, b);
        vm.warp(block.timestamp + REBUTTAL);
        directory.set(keccak256("Treasury"), address(0));
        bytes32 leaf = registry.leafOf(b.record);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetPartMissing.selector, keccak256("Treasury")));
        registry.slashDuplicate(id, leaf);
        directory.set(keccak256("Treasury"), TREASURY);
        registry.slashDuplicate(id, leaf);
    }

    /// @dev An original by HONEST, and after `wait` the same content under the thief's name by CARELESS.
    function _theft(uint256 wait)
        private
        returns (DatanetDuplicates.Evidence memory a, DatanetDuplicates.Evidence memory b)
    {
        a = _accepted(id, _record(ALICE, ROOT), HONEST);
        vm.warp(block.timestamp + wait);
        b = _accepted(id, _record(THIEF, ROOT), CARELESS);
    }

    function _sameName(uint8 names, uint256 i, uint256 k) private pure returns (bool) {
        return (names >> i) & 1 == (names >> k) & 1;
    }

    function _stakeOf(address account) private view returns (uint256) {
        return pools.stakeOf(PoolIds.datanet(id), account);
    }
}
