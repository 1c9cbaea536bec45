// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetBook} from "../src/datanets/DatanetBook.sol";
import {DatanetRecords} from "../src/datanets/DatanetRecords.sol";
import {DatanetSetup} from "./support/DatanetSetup.sol";

contract DatanetRecordsTest is DatanetSetup {
    bytes32 private constant WHY = keccak256("reason");

    function testFuzz_a_leaf_binds_who_what_and_when(address who, bytes32 what, uint64 when) public view {
        bytes32 leaf = registry.leafOf(DatanetRecords.Record(who, what, when));
        bytes32 typeWord = keccak256("OpenLedger.Example(address contributor,bytes32 contentHash,uint64 contributedAt)");
        assertEq(leaf, keccak256(bytes.concat(keccak256(abi.encode(typeWord, who, what, when)))), "leaf");
    }

    function testFuzz_a_contribution_is_its_signers_alone(uint256 key, bytes32 content, uint256 nonce)
        public
        view
    {
        key = bound(key, 1, 1e60);
        DatanetRecords.Contribution memory c = DatanetRecords.Contribution(1, content, WHY, nonce);
        bytes memory signature = signLong(key, registry.contributionDigest(c));
        assertTrue(registry.isContribution(vm.addr(key), c, signature), "signed");
        assertTrue(!registry.isContribution(STRANGER, c, signature), "another's name");
        c.datanetId = 2;
        assertTrue(!registry.isContribution(vm.addr(key), c, signature), "another Datanet");
        (c.datanetId, c.licenceHash) = (1, 0);
        assertTrue(!registry.isContribution(vm.addr(key), c, signature), "another licence");
        (c.licenceHash, c.contentHash) = (WHY, keccak256(abi.encode(content)));
        assertTrue(!registry.isContribution(vm.addr(key), c, signature), "another content");
    }

    function testFuzz_a_signature_taken_back_holds_nowhere(uint256 nonce, uint256 another) public {
        vm.assume(nonce != another);
        DatanetRecords.Contribution memory c = DatanetRecords.Contribution(1, ROOT, WHY, nonce);
        DatanetRecords.Contribution memory d = DatanetRecords.Contribution(1, ROOT, WHY, another);
        bytes memory first = signLong(7, registry.contributionDigest(c));
        bytes memory second = signLong(7, registry.contributionDigest(d));
        vm.prank(STRANGER);
        registry.revokeContribution(nonce); // a stranger's nonces are their own
        assertTrue(registry.isContribution(vm.addr(7), c, first), "stands");
        vm.prank(vm.addr(7));
        registry.revokeContribution(nonce);
        assertTrue(!registry.isContribution(vm.addr(7), c, first), "taken back");
        assertTrue(registry.isContribution(vm.addr(7), d, second), "the other stands");
    }

    function test_a_contribution_fits_no_other_chain() public {
        DatanetRecords.Contribution memory c = DatanetRecords.Contribution(1, ROOT, WHY, 1);
        bytes memory signature = signLong(7, registry.contributionDigest(c));
        vm.chainId(5);
        assertTrue(!registry.isContribution(vm.addr(7), c, signature), "another chain");
    }

    function test_contributors_withdraw_their_own_rows_only() public {
        uint256 id = _create(3);
        DatanetRecords.Record[] memory rows = new DatanetRecords.Record[](2);
        (rows[0], rows[1]) = (_record(ALICE, ROOT), _record(ALICE, WHY));
        vm.prank(ALICE);
        registry.withdrawRecords(id, rows);
        assertTrue(registry.isRetired(id, registry.leafOf(rows[0])), "first");
        assertTrue(registry.isRetired(id, registry.leafOf(rows[1])), "second");
        assertTrue(!registry.isRetired(id + 1, registry.leafOf(rows[1])), "not elsewhere");
        vm.expectRevert(
            abi.encodeWithSelector(DatanetRecords.DatanetRecordRetired.selector, id, registry.leafOf(rows[0]))
        );
        vm.prank(ALICE);
        registry.withdrawRecords(id, rows);
        vm.expectRevert(abi.encodeWithSelector(DatanetRecords.DatanetNotContributor.selector, ALICE, STRANGER));
        vm.prank(STRANGER);
        registry.withdrawRecords(id, rows);
    }

    function test_retiring_anothers_row_takes_the_quorum() public {
        uint256 id = _create(2);
        _setRole(id, vm.addr(7), 1);
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = ROOT;
        bytes32 digest = registry.retireDigest(id, leaves, WHY);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetQuorumMissing.selector, 1, 2));
        vm.prank(OWNER);
        registry.retire(id, leaves, WHY, none);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetApprovalInvalid.selector, vm.addr(7)));
        vm.prank(OWNER);
        registry.retire(id, leaves, OTHER, _approval(7, digest)); // signed for another reason
        vm.prank(OWNER);
        registry.retire(id, leaves, WHY, _approval(7, digest));
        assertTrue(registry.isRetired(id, ROOT), "retired");
    }

    function test_an_approval_to_accept_is_none_to_retire() public {
        uint256 id = _create(1);
        _setRole(id, vm.addr(7), 1);
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = ROOT;
        DatanetBook.Approval[] memory approvals = _approval(7, registry.acceptDigest(id, 1, ROOT));
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetApprovalInvalid.selector, vm.addr(7)));
        registry.retire(id, leaves, WHY, approvals);
    }

    function test_silence_retires_nothing_even_with_quorum_zero() public {
        uint256 id = _create(0);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetQuorumMissing.selector, 0, 1));
        vm.prank(STRANGER);
        registry.retire(id, new bytes32[](1), WHY, none);
        vm.prank(OWNER);
        registry.retire(id, new bytes32[](1), WHY, none);
    }
}
