// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Directory} from "../src/Directory.sol";
import {Std} from "./support/Std.sol";

contract DirectoryTest is Std {
    Directory private directory;
    address private constant TIMELOCK = address(0x4001);
    bytes32 private constant COURT = keccak256("DisputeCourt");

    function setUp() public {
        vm.warp(1_800_000_000);
        directory = new Directory(address(this));
    }

    function test_entries_are_set_replaced_and_cleared() public {
        assertEq(directory.addressOf(COURT), address(0), "nobody");
        directory.set(COURT, address(this));
        assertEq(directory.addressOf(COURT), address(this), "set");
        directory.set(COURT, address(directory));
        assertEq(directory.addressOf(COURT), address(directory), "replaced");
        directory.set(COURT, address(0));
        assertEq(directory.addressOf(COURT), address(0), "cleared");
    }

    function test_many_at_once() public {
        (bytes32[] memory names, address[] memory targets) = (new bytes32[](2), new address[](2));
        (names[0], names[1]) = (COURT, keccak256("Params"));
        (targets[0], targets[1]) = (address(this), address(directory));
        directory.setMany(names, targets);
        assertEq(directory.addressOf(names[1]), address(directory), "second");
        vm.expectRevert(abi.encodeWithSelector(Directory.DirectoryLengthsDiffer.selector, 2, 1));
        directory.setMany(names, new address[](1));
    }

    function testFuzz_only_the_owner_acts(address stranger) public {
        vm.assume(stranger != address(this));
        bytes memory forbidden = abi.encodeWithSelector(Directory.DirectoryForbidden.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(forbidden);
        directory.set(COURT, address(this));
        vm.expectRevert(forbidden);
        directory.setMany(new bytes32[](1), new address[](1));
        vm.expectRevert(forbidden);
        directory.setSunset(address(this), block.timestamp);
        vm.expectRevert(forbidden);
        directory.transferOwnership(stranger);
    }

    function test_an_account_without_code_is_refused_except_as_treasury_and_rotation_authority() public {
        bytes memory refused = abi.encodeWithSelector(Directory.DirectoryNotContract.selector, COURT, TIMELOCK);
        vm.expectRevert(refused);
        directory.set(COURT, TIMELOCK);
        directory.set(keccak256("Treasury"), TIMELOCK);
        directory.set(keccak256("RotationAuthority"), TIMELOCK);
        assertEq(directory.addressOf(keccak256("Treasury")), TIMELOCK, "treasury");
    }

    function test_ownership_moves_in_one_step_and_never_to_nobody() public {
        vm.expectRevert(Directory.DirectoryOwnerInvalid.selector);
        directory.transferOwnership(address(0));
        vm.expectRevert(Directory.DirectoryOwnerInvalid.selector);
        new Directory(address(0));
        directory.transferOwnership(TIMELOCK);
        assertEq(directory.owner(), TIMELOCK, "owner");
        vm.expectRevert(abi.encodeWithSelector(Directory.DirectoryForbidden.selector, address(this)));
        directory.set(COURT, address(this));
    }

    function testFuzz_a_sunset_comes_by_clock_and_stays(uint256 ahead, uint256 wait) public {
        ahead = bound(ahead, 0, 365 days);
        wait = bound(wait, 0, 730 days);
        assertTrue(!directory.isSunset(address(this)), "goes on");
        uint256 time = block.timestamp + ahead;
        directory.setSunset(address(this), time);
        vm.warp(block.timestamp + wait);
        assertTrue(directory.isSunset(address(this)) == (wait >= ahead), "by clock");
        if (wait < ahead) return;
        vm.expectPartialRevert(Directory.DirectorySunsetInvalid.selector);
        directory.setSunset(address(this), block.timestamp + 1);
    }

    function test_a_sunset_may_be_moved_until_it_has_come_but_not_to_the_past() public {
        directory.setSunset(address(this), block.timestamp + 1 days);
        directory.setSunset(address(this), block.timestamp + 2 days);
        vm.expectPartialRevert(Directory.DirectorySunsetInvalid.selector);
        directory.setSunset(address(this), block.timestamp - 1);
        assertEq(directory.sunsetAt(address(this)), block.timestamp + 2 days, "moved");
    }
}
