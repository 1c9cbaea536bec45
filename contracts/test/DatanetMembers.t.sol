// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetBatches} from "../src/datanets/DatanetBatches.sol";
import {DatanetBook} from "../src/datanets/DatanetBook.sol";
import {DatanetMembers} from "../src/datanets/DatanetMembers.sol";
import {PoolIds} from "../src/lib/PoolIds.sol";
import {DatanetSetup} from "./support/DatanetSetup.sol";
import {Tree} from "./support/Tree.sol";

contract DatanetMembersTest is DatanetSetup {
    uint8 private constant STAKE = 1;
    uint8 private constant LIST = 2;
    uint8 private constant TOKEN = 3;
    uint8 private constant PRIVATE = 4;

    function test_open_datanets_need_no_membership_but_take_members() public {
        uint256 id = _create(1);
        vm.startPrank(STRANGER);
        registry.propose(id, ROOT, 1, "");
        registry.join(id, noProof);
        assertTrue(registry.isMember(id, STRANGER), "member");
        registry.leave(id);
        assertTrue(!registry.isMember(id, STRANGER), "left");
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetNotMember.selector, id, STRANGER));
        registry.leave(id);
    }

    function testFuzz_stake_decides_about_joining_and_proposing(uint96 need, uint96 have) public {
        need = uint96(bound(need, 1, 1e24));
        have = uint96(bound(have, 1, 1e24));
        uint256 id = _staked(need);
        _stake(id, PROPOSER, have);
        bytes memory missing = abi.encodeWithSelector(DatanetMembers.DatanetStakeMissing.selector, have, need);
        vm.startPrank(PROPOSER);
        if (have < need) vm.expectRevert(missing);
        registry.join(id, noProof);
        if (have < need) return;
        registry.propose(id, ROOT, 1, "");
        pools.unbond(PoolIds.datanet(id), have - need + 1);
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetStakeMissing.selector, need - 1, need));
        registry.propose(id, ROOT, 1, "");
    }

    function test_a_proposer_whose_stake_is_gone_is_not_accepted() public {
        uint256 id = _staked(100);
        _stake(id, PROPOSER, 100);
        vm.startPrank(PROPOSER);
        registry.join(id, noProof);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        pools.unbond(PoolIds.datanet(id), 100);
        vm.stopPrank();
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetStakeMissing.selector, 0, 100));
        registry.accept(id, batch, none);
    }

    function test_a_curators_commit_answers_with_stake_too_and_is_stored() public {
        uint256 id = _staked(100);
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetStakeMissing.selector, 0, 100));
        vm.prank(OWNER);
        registry.commit(id, ROOT, 3, "");
        _stake(id, OWNER, 100);
        vm.prank(OWNER);
        uint256 batch = registry.commit(id, ROOT, 3, "");
        (bytes32 root, address proposer, uint40 until, uint32 count, uint8 state) = registry.batches(id, batch);
        assertEq(root, ROOT, "root");
        assertEq(proposer, OWNER, "proposer");
        assertEq(until, block.timestamp, "no review");
        assertEq(count, 3, "count");
        assertEq(state, 2, "accepted");
    }

    function test_stake_access_without_a_stake_is_refused() public {
        vm.expectRevert(DatanetBook.DatanetPolicyInvalid.selector);
        registry.create(_policy(0, 1, 0), STAKE, "");
        uint256 id = _create(1);
        vm.startPrank(OWNER);
        vm.expectRevert(DatanetBook.DatanetPolicyInvalid.selector);
        registry.setAccess(id, STAKE, 0);
        registry.setPolicy(id, _policy(5, 1, 0));
        registry.setAccess(id, STAKE, 0);
        vm.expectRevert(DatanetBook.DatanetPolicyInvalid.selector);
        registry.setPolicy(id, _policy(0, 1, 0));
    }

    function test_without_stake_pools_in_the_directory_nobody_joins_for_free() public {
        uint256 id = _staked(1);
        directory.set(keccak256("StakePools"), address(0));
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetPartMissing.selector, keccak256("StakePools")));
        registry.join(id, noProof);
    }

    function testFuzz_a_list_admits_those_on_it(address[8] calldata accounts, uint8 who, address outsider) public {
        bytes32[] memory leaves = new bytes32[](8);
        for (uint256 i; i < 8; ++i) {
            vm.assume(accounts[i] != outsider);
            leaves[i] = keccak256(bytes.concat(keccak256(abi.encode(accounts[i]))));
        }
        bytes32[] memory nodes = Tree.build(leaves);
        bytes32[] memory long = Tree.proof(nodes, who % 8, 0);
        bytes32[] memory proof = new bytes32[](long.length - 1);
        for (uint256 i; i < proof.length; ++i) proof[i] = long[i];
        uint256 id = _restricted(LIST, nodes[0]);
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetNotAdmitted.selector, id, outsider));
        vm.prank(outsider);
        registry.join(id, proof);
        vm.startPrank(accounts[who % 8]);
        registry.join(id, proof);
        registry.propose(id, ROOT, 1, "");
    }

    function test_a_list_or_token_that_was_never_set_admits_nobody() public {
        uint256 list = _restricted(LIST, 0);
        uint256 held = _restricted(TOKEN, bytes32(uint256(uint160(address(token))) << 96)); // least balance 0
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetNotAdmitted.selector, list, address(this)));
        registry.join(list, noProof);
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetNotAdmitted.selector, held, address(this)));
        registry.join(held, noProof);
    }

    function testFuzz_a_token_admits_its_holders(uint96 least, uint96 have) public {
        least = uint96(bound(least, 1, 1e26));
        have = uint96(bound(have, 0, 1e26));
        uint256 id = _restricted(TOKEN, bytes32((uint256(uint160(address(token))) << 96) | least));
        token.transfer(STRANGER, have);
        bytes memory refused = abi.encodeWithSelector(DatanetMembers.DatanetNotAdmitted.selector, id, STRANGER);
        if (have < least) vm.expectRevert(refused);
        vm.prank(STRANGER);
        registry.join(id, noProof);
        assertTrue(registry.isMember(id, STRANGER) == (have >= least), "member");
    }

    function test_a_private_datanet_admits_those_with_a_role() public {
        uint256 id = _restricted(PRIVATE, 0);
        bytes memory refused = abi.encodeWithSelector(DatanetMembers.DatanetNotAdmitted.selector, id, STRANGER);
        vm.expectRevert(refused);
        vm.prank(STRANGER);
        registry.join(id, noProof);
        vm.expectRevert(abi.encodeWithSelector(DatanetMembers.DatanetNotMember.selector, id, STRANGER));
        vm.prank(STRANGER);
        registry.propose(id, ROOT, 1, "");
        _setRole(id, STRANGER, 2);
        vm.startPrank(STRANGER);
        registry.join(id, noProof);
        registry.propose(id, ROOT, 1, "");
    }

    function test_curators_propose_without_joining_and_roles_leave_membership_alone() public {
        uint256 id = _restricted(PRIVATE, 0);
        _setRole(id, PROPOSER, 1);
        vm.startPrank(PROPOSER);
        registry.propose(id, ROOT, 1, "");
        registry.join(id, noProof);
        vm.stopPrank();
        _setRole(id, PROPOSER, 0);
        assertTrue(registry.isMember(id, PROPOSER) && !registry.isCurator(id, PROPOSER), "member only");
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetRolesInvalid.selector, 8));
        _setRole(id, STRANGER, 8);
    }

    function test_nobody_joins_a_closed_or_unknown_datanet() public {
        uint256 id = _create(1);
        vm.prank(OWNER);
        registry.setState(id, 2);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetClosed.selector, id));
        registry.join(id, noProof);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetUnknown.selector, 99));
        registry.join(99, noProof);
    }

    function test_silence_does_not_accept_where_curators_must() public {
        uint256 id = _create(1);
        vm.prank(STRANGER);
        uint256 batch = registry.propose(id, ROOT, 1, "");
        vm.warp(block.timestamp + 365 days);
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetQuorumMissing.selector, 0, 1));
        vm.prank(STRANGER);
        registry.accept(id, batch, none);
        vm.expectRevert(abi.encodeWithSelector(DatanetBatches.DatanetBatchNotPending.selector, id, 7));
        registry.accept(id, 7, none);
    }

    function _staked(uint96 stake) private returns (uint256) {
        vm.prank(OWNER);
        return registry.create(_policy(stake, 1, 1 hours), STAKE, "");
    }

    function _restricted(uint8 access, bytes32 data) private returns (uint256 id) {
        vm.startPrank(OWNER);
        id = registry.create(_policy(0, 1, 1 hours), access, "");
        registry.setAccess(id, access, data);
        assertEq(registry.accessData(id), data, "data");
        vm.stopPrank();
    }
}
