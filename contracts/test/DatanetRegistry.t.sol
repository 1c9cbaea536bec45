// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {DatanetBatches} from "../src/datanets/DatanetBatches.sol";
import {DatanetBook} from "../src/datanets/DatanetBook.sol";
import {DatanetSetup} from "./support/DatanetSetup.sol";

/// @dev A smart account whose owner's key decides (EIP-1271).
contract Wallet1271 is IERC1271 {
    bytes32 private immutable _accepted;

    constructor(bytes32 accepted) {
        _accepted = accepted;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return hash == _accepted ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract DatanetRegistryTest is DatanetSetup {
    function test_create_records_owner_terms_and_counts_from_one() public {
        uint256 id = _create(1);
        (address owner, uint64 records, uint16 version, uint8 access, uint8 state, bytes32 head) = registry.datanets(id);
        assertEq(id, 1, "id");
        assertEq(owner, OWNER, "owner");
        assertEq(uint256(head) + records + version + access, 0, "empty");
        assertEq(state, registry.OPEN(), "open");
        assertEq(_create(1), 2, "next id");
    }

    function test_create_refuses_impossible_terms() public {
        vm.expectRevert(DatanetBook.DatanetPolicyInvalid.selector);
        registry.create(DatanetBook.Policy(0, 0, 1, 10_001, 1), 0, "");
        vm.expectRevert(DatanetBook.DatanetPolicyInvalid.selector);
        registry.create(_policy(0, 1, 31 days), 0, "");
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetAccessUnknown.selector, 5));
        registry.create(_policy(0, 1, 0), 5, "");
    }

    /// @dev Invariant 14: the head is the fold of the accepted batches, whatever was proposed or rejected between.
    function testFuzz_head_is_the_fold_of_accepted_batches(bytes32[8] calldata roots, uint32[8] calldata counts, uint8 skip)
        public
    {
        uint256 id = _create(1);
        bytes32 head;
        uint256 records;
        uint256 version;
        for (uint256 i; i < 8; ++i) {
            bytes32 root = roots[i] == 0 ? ROOT : roots[i];
            uint32 count = uint32(bound(counts[i], 1, type(uint32).max));
            vm.prank(PROPOSER);
            uint256 batch = registry.propose(id, root, count, "cid");
            assertEq(batch, i + 1, "batch number");
            vm.prank(OWNER);
            if ((skip >> i) & 1 == 1) {
                registry.reject(id, batch, ROOT);
                continue;
            }
            registry.accept(id, batch, none);
            head = keccak256(abi.encode(head, root, uint256(count)));
            records += count;
            ++version;
        }
        (, uint64 records_, uint16 version_,,, bytes32 head_) = registry.datanets(id);
        assertEq(head_, head, "head");
        assertEq(records_, records, "records");
        assertEq(version_, version, "version");
    }

    function test_commit_equals_propose_and_accept() public {
        uint256 a = _create(1);
        uint256 b = _create(1);
        vm.startPrank(OWNER);
        registry.commit(a, ROOT, 7, "cid");
        registry.accept(b, registry.propose(b, ROOT, 7, "cid"), none);
        vm.stopPrank();
        (,,,,, bytes32 headA) = registry.datanets(a);
        (,,,,, bytes32 headB) = registry.datanets(b);
        assertEq(headA, headB, "same history, same head");
        assertEq(registry.batchCount(a), 1, "numbered");
    }

    function test_commit_needs_a_curator_and_a_quorum_of_one() public {
        uint256 id = _create(1);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        vm.prank(STRANGER);
        registry.commit(id, ROOT, 1, "");
        uint256 two = _create(2);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetQuorumMissing.selector, 1, 2));
        vm.prank(OWNER);
        registry.commit(two, ROOT, 1, "");
        vm.expectRevert(DatanetBatches.DatanetEmptyBatch.selector);
        vm.prank(OWNER);
        registry.commit(id, 0, 1, "");
        vm.expectRevert(DatanetBatches.DatanetEmptyBatch.selector);
        registry.propose(id, ROOT, 0, "");
    }

    function test_a_batch_is_decided_once() public {
        uint256 id = _create(1);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        vm.startPrank(OWNER);
        registry.accept(id, batch, none);
        vm.expectRevert(abi.encodeWithSelector(DatanetBatches.DatanetBatchNotPending.selector, id, batch));
        registry.accept(id, batch, none);
        vm.expectRevert(abi.encodeWithSelector(DatanetBatches.DatanetBatchNotPending.selector, id, batch));
        registry.reject(id, batch, 0);
        vm.expectRevert(abi.encodeWithSelector(DatanetBatches.DatanetBatchNotPending.selector, id, 99));
        registry.accept(id, 99, none);
    }

    function test_strangers_decide_nothing() public {
        uint256 id = _create(1);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        vm.startPrank(STRANGER);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetQuorumMissing.selector, 0, 1));
        registry.accept(id, batch, none);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.reject(id, batch, 0);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.setRole(id, STRANGER, 1);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.setPolicy(id, _policy(0, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.setState(id, 2);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.setAccess(id, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.setMeta(id, "x");
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.offerOwnership(id, STRANGER);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        registry.takeOwnership(id);
    }

    function test_an_unknown_datanet_has_no_owner_that_anyone_could_be() public {
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetUnknown.selector, 9));
        registry.propose(9, ROOT, 1, "");
        assertTrue(!registry.isCurator(9, address(0)), "zero address");
    }

    function testFuzz_relayed_signature_of_a_curator_accepts(uint256 key) public {
        key = bound(key, 1, 1e60);
        uint256 id = _create(1);
        _setRole(id, vm.addr(key), 1);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        DatanetBook.Approval[] memory approvals = _sign(id, batch, ROOT, key);
        vm.prank(STRANGER);
        registry.accept(id, batch, approvals);
        (,, uint16 version,,,) = registry.datanets(id);
        assertEq(version, 1, "version");
    }

    function test_a_signature_fits_no_other_batch_datanet_chain_or_registry() public {
        uint256 id = _create(1);
        uint256 other = _create(1);
        _setRole(id, vm.addr(7), 1);
        _setRole(other, vm.addr(7), 1);
        registry.propose(id, ROOT, 1, "");
        registry.propose(id, ROOT, 1, "");
        registry.propose(other, ROOT, 1, "");
        DatanetBook.Approval[] memory approvals = _sign(id, 1, ROOT, 7);
        bytes memory invalid = abi.encodeWithSelector(DatanetBook.DatanetApprovalInvalid.selector, vm.addr(7));
        vm.expectRevert(invalid);
        registry.accept(id, 2, approvals);
        vm.expectRevert(invalid);
        registry.accept(other, 1, approvals);
        vm.chainId(1);
        vm.expectRevert(invalid);
        registry.accept(id, 1, approvals);
    }

    function test_a_quorum_counts_each_curator_once() public {
        uint256 id = _create(2);
        (uint256 low, uint256 high) = vm.addr(7) < vm.addr(8) ? (7, 8) : (8, 7);
        _setRole(id, vm.addr(7), 1);
        _setRole(id, vm.addr(8), 1);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        DatanetBook.Approval memory one = _sign(id, batch, ROOT, low)[0];
        DatanetBook.Approval memory two = _sign(id, batch, ROOT, high)[0];
        DatanetBook.Approval[] memory list = new DatanetBook.Approval[](1);
        list[0] = one;
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetQuorumMissing.selector, 1, 2));
        vm.prank(one.curator); // The sender's own signature adds nothing to the sender.
        registry.accept(id, batch, list);
        list = new DatanetBook.Approval[](2);
        (list[0], list[1]) = (one, one);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetApprovalsUnsorted.selector, one.curator));
        registry.accept(id, batch, list);
        (list[0], list[1]) = (two, one);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetApprovalsUnsorted.selector, one.curator));
        registry.accept(id, batch, list);
        (list[0], list[1]) = (one, two);
        registry.accept(id, batch, list);
    }

    function test_signers_without_the_role_are_refused() public {
        uint256 id = _create(1);
        _setRole(id, vm.addr(7), 2);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        DatanetBook.Approval[] memory approvals = _sign(id, batch, ROOT, 7);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, vm.addr(7)));
        registry.accept(id, batch, approvals);
    }

    function test_a_smart_account_may_be_curator() public {
        uint256 id = _create(1);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        Wallet1271 wallet = new Wallet1271(registry.acceptDigest(id, batch, ROOT));
        _setRole(id, address(wallet), 1);
        DatanetBook.Approval[] memory approvals = new DatanetBook.Approval[](1);
        approvals[0] = DatanetBook.Approval(address(wallet), "");
        registry.accept(id, batch, approvals);
    }

    function test_quorum_zero_accepts_silence_only_after_review() public {
        vm.prank(OWNER);
        uint256 id = registry.create(_policy(0, 0, 1 days), 0, "");
        uint256 batch = registry.propose(id, ROOT, 1, "");
        vm.expectRevert(abi.encodeWithSelector(DatanetBatches.DatanetReviewOpen.selector, block.timestamp + 1 days));
        registry.accept(id, batch, none);
        vm.warp(block.timestamp + 1 days);
        registry.accept(id, batch, none);
    }

    function test_admins_grant_roles_but_not_their_own_kind() public {
        uint256 id = _create(1);
        _setRole(id, PROPOSER, 4);
        vm.startPrank(PROPOSER);
        registry.setRole(id, STRANGER, 3);
        assertTrue(registry.isCurator(id, STRANGER), "curator");
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, PROPOSER));
        registry.setRole(id, STRANGER, 4);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, PROPOSER));
        registry.setRole(id, PROPOSER, 0);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetRolesInvalid.selector, 8));
        registry.setRole(id, STRANGER, 8);
    }

    function test_a_closed_datanet_takes_nothing_and_keeps_its_head() public {
        uint256 id = _create(1);
        vm.startPrank(OWNER);
        registry.commit(id, ROOT, 1, "");
        uint256 batch = registry.propose(id, ROOT, 1, "");
        registry.setState(id, 2);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetClosed.selector, id));
        registry.accept(id, batch, none);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetClosed.selector, id));
        registry.propose(id, ROOT, 1, "");
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetClosed.selector, id));
        registry.commit(id, ROOT, 1, "");
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetClosed.selector, id));
        registry.setState(id, 3);
        registry.setState(id, 1);
        registry.accept(id, batch, none);
    }

    function test_ownership_moves_only_when_taken() public {
        uint256 id = _create(1);
        vm.prank(OWNER);
        registry.offerOwnership(id, PROPOSER);
        assertTrue(registry.isCurator(id, OWNER), "still the owner");
        vm.prank(PROPOSER);
        registry.takeOwnership(id);
        assertTrue(registry.isCurator(id, PROPOSER) && !registry.isCurator(id, OWNER), "moved");
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, PROPOSER));
        vm.prank(PROPOSER);
        registry.takeOwnership(id);
    }

    function test_no_quorum_above_the_number_of_curators() public {
        vm.expectRevert(_unreachable(1, 2));
        registry.create(_policy(0, 2, 0), 0, "");
        uint256 id = _create(1);
        vm.startPrank(OWNER);
        vm.expectRevert(_unreachable(1, 2));
        registry.setPolicy(id, _policy(0, 2, 0));
        registry.setRole(id, OWNER, 1); // the owner is a curator by right and counts once
        vm.expectRevert(_unreachable(1, 2));
        registry.setPolicy(id, _policy(0, 2, 0));
        registry.setRole(id, OWNER, 0);
        registry.setRole(id, PROPOSER, 3);
        registry.setRole(id, PROPOSER, 1); // the same role again is one curator still
        registry.setRole(id, STRANGER, 2); // a validator is none
        assertEq(registry.curatorCount(id), 2, "owner and one");
        registry.setPolicy(id, _policy(0, 2, 0));
        vm.expectRevert(_unreachable(1, 2));
        registry.setRole(id, PROPOSER, 2);
        registry.offerOwnership(id, PROPOSER);
        vm.stopPrank();
        vm.expectRevert(_unreachable(1, 2)); // they would be owner and curator in one
        vm.prank(PROPOSER);
        registry.takeOwnership(id);
        _setRole(id, STRANGER, 1);
        vm.prank(PROPOSER);
        registry.takeOwnership(id);
        assertEq(registry.curatorCount(id), 2, "the new owner and the stranger");
    }

    function _unreachable(uint256 have, uint256 quorum) private pure returns (bytes memory) {
        return abi.encodeWithSelector(DatanetBook.DatanetQuorumUnreachable.selector, have, quorum);
    }

    function test_owner_changes_policy_access_and_meta() public {
        uint256 id = _create(1);
        vm.startPrank(OWNER);
        registry.setPolicy(id, DatanetBook.Policy(0, 1 hours, 0, 250, 1));
        registry.setAccess(id, 4, 0);
        registry.setMeta(id, "cid2");
        DatanetBook.Policy memory policy = registry.policies(id);
        (,,, uint8 access,,) = registry.datanets(id);
        assertEq(policy.curatorQuorum, 0, "quorum");
        assertEq(policy.ownerBps, 250, "bps");
        assertEq(access, 4, "access");
    }

    function _sign(uint256 id, uint256 batch, bytes32 root, uint256 key)
        private
        view
        returns (DatanetBook.Approval[] memory approvals)
    {
        return _approval(key, registry.acceptDigest(id, batch, root));
    }
}
