// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {DatanetBook} from "../src/datanets/DatanetBook.sol";
import {DatanetSetup} from "./support/DatanetSetup.sol";

contract DatanetSuccessorTest is DatanetSetup {
    DatanetRegistry private next;

    function setUp() public override {
        super.setUp();
        next = new DatanetRegistry(directory, registry);
    }

    function test_an_ended_registry_takes_no_new_datanets_and_goes_on_with_its_own() public {
        uint256 id = _create(1);
        directory.setSunset(address(registry), block.timestamp);
        vm.expectRevert(DatanetRegistry.DatanetRegistryClosed.selector);
        registry.create(_policy(0, 1, 0), 0, "");
        vm.prank(OWNER);
        registry.commit(id, ROOT, 1, "");
    }

    function test_a_successor_waits_for_the_end_and_goes_on_counting() public {
        _create(1);
        _create(1);
        vm.expectRevert(DatanetRegistry.DatanetRegistryClosed.selector);
        next.create(_policy(0, 1, 0), 0, "");
        directory.setSunset(address(registry), block.timestamp);
        assertEq(next.create(_policy(0, 1, 0), 0, ""), 3, "the next number");
        assertEq(next.create(_policy(0, 1, 0), 0, ""), 4, "and the next");
    }

    /// @dev Invariant 14 across registries: the head is the fold of what either accepted.
    function testFuzz_a_moved_datanet_keeps_number_terms_and_head(bytes32 rootA, bytes32 rootB, uint32 count) public {
        vm.assume(rootA != 0 && rootB != 0 && count != 0);
        uint256 id = _create(1);
        vm.startPrank(OWNER);
        registry.commit(id, rootA, count, "");
        registry.setAccess(id, 2, ROOT);
        vm.stopPrank();
        _end();
        vm.prank(OWNER);
        registry.moveTo(id, address(next));
        next.importDatanet(id);
        vm.prank(OWNER);
        uint256 batch = next.commit(id, rootB, count, "");
        (address owner, uint64 records, uint16 version, uint8 access, uint8 state, bytes32 head) = next.datanets(id);
        bytes32 first = keccak256(abi.encode(bytes32(0), rootA, uint256(count)));
        assertEq(head, keccak256(abi.encode(first, rootB, uint256(count))), "head");
        assertEq(owner, OWNER, "owner");
        assertEq(records, 2 * uint256(count), "records");
        assertEq(version, 2, "version");
        assertEq(batch, 2, "batch");
        assertEq(access, 2, "access");
        assertEq(state, next.OPEN(), "state");
        assertEq(next.accessData(id), ROOT, "access data");
        assertEq(next.policies(id).ownerBps, 500, "terms");
    }

    function test_a_moved_datanet_never_changes_here_again() public {
        uint256 id = _create(1);
        _end();
        vm.startPrank(OWNER);
        registry.moveTo(id, address(next));
        bytes memory closed = abi.encodeWithSelector(DatanetBook.DatanetClosed.selector, id);
        vm.expectRevert(closed);
        registry.commit(id, ROOT, 1, "");
        vm.expectRevert(closed);
        registry.setState(id, 1);
        vm.expectRevert(closed);
        registry.moveTo(id, address(next));
    }

    function test_only_owners_move_and_only_to_the_named_successor_after_the_end() public {
        uint256 id = _create(1);
        bytes memory notMoved = abi.encodeWithSelector(DatanetRegistry.DatanetNotMoved.selector, id);
        vm.expectRevert(notMoved);
        vm.prank(OWNER);
        registry.moveTo(id, address(registry)); // still goes on
        _end();
        vm.expectRevert(abi.encodeWithSelector(DatanetBook.DatanetForbidden.selector, id, STRANGER));
        vm.prank(STRANGER);
        registry.moveTo(id, address(next));
        vm.expectRevert(notMoved);
        vm.prank(OWNER);
        registry.moveTo(id, address(this));
        directory.set(keccak256("DatanetRegistry"), address(registry));
        vm.expectRevert(notMoved);
        vm.prank(OWNER);
        registry.moveTo(id, address(registry));
    }

    function test_nothing_is_imported_that_was_not_moved_or_twice() public {
        uint256 id = _create(1);
        bytes memory notMoved = abi.encodeWithSelector(DatanetRegistry.DatanetNotMoved.selector, id);
        vm.expectRevert(notMoved);
        next.importDatanet(id);
        vm.expectRevert(notMoved);
        registry.importDatanet(id); // has no predecessor
        _end();
        vm.prank(OWNER);
        registry.moveTo(id, address(next));
        next.importDatanet(id);
        vm.expectRevert(notMoved);
        next.importDatanet(id);
    }

    function _end() private {
        directory.setSunset(address(registry), block.timestamp);
        directory.set(keccak256("DatanetRegistry"), address(next));
    }
}
