// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Guardian, IDisputed} from "../src/Guardian.sol";
import {IPausable} from "../src/interfaces/IPausable.sol";
import {GovernanceBase} from "./support/GovernanceBase.sol";

/// @dev Stands for a ledger: notes who asked for what.
contract Witness is IPausable, IDisputed {
    address public caller;
    bytes4 public asked;
    uint32 public id;
    bool public upheld;
    address public account;

    function pause() external {
        (caller, asked) = (msg.sender, msg.sig);
    }

    function unpause() external {
        (caller, asked) = (msg.sender, msg.sig);
    }

    function veto(uint32 id_) external {
        (caller, asked, id) = (msg.sender, msg.sig, id_);
    }

    function cancelChange(address account_) external {
        (caller, asked, account) = (msg.sender, msg.sig, account_);
    }

    function resolve(uint32 id_, bool upheld_) external {
        (caller, asked, id) = (msg.sender, msg.sig, id_);
        upheld = upheld_;
    }
}

contract GuardianTest is GovernanceBase {
    Witness private witness;

    function setUp() public override {
        super.setUp();
        witness = new Witness();
    }

    function _act(uint256 which) private {
        if (which == 0) guardian.pause(witness);
        if (which == 1) guardian.unpause(witness);
        if (which == 2) guardian.veto(witness, 7);
        if (which == 3) guardian.resolve(witness, 7, true);
        if (which == 4) guardian.cancelChange(witness, HOLDER);
        if (which == 5) guardian.cancel(1);
    }

    function test_the_holder_brakes_in_the_contracts_name() public {
        bytes4[5] memory asked;
        (asked[0], asked[1]) = (IPausable.pause.selector, IPausable.unpause.selector);
        (asked[2], asked[3]) = (IDisputed.veto.selector, IDisputed.resolve.selector);
        asked[4] = IDisputed.cancelChange.selector;
        for (uint256 i; i < 5; ++i) {
            vm.prank(HOLDER);
            _act(i);
            assertEq(witness.caller(), address(guardian), "caller");
            assertEq(bytes32(witness.asked()), bytes32(asked[i]), "call");
        }
        assertEq(witness.id(), 7, "epoch");
        assertTrue(witness.upheld(), "verdict");
        assertEq(witness.account(), HOLDER, "account");
    }

    function testFuzz_nobody_else_does(address other, uint256 which) public {
        vm.assume(other != HOLDER);
        which = bound(which, 0, 5);
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Guardian.GuardianForbidden.selector, other));
        _act(which);
    }

    function testFuzz_the_power_lapses_by_itself(uint256 later, uint256 which) public {
        uint256 end = guardian.until();
        later = bound(later, 0, 3_650 days);
        which = bound(which, 0, 5);
        vm.warp(end + later);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(Guardian.GuardianLapsed.selector, end));
        _act(which);
    }

    function test_the_power_lasts_until_then_and_is_renewed_by_the_slow_timelock() public {
        vm.warp(guardian.until() - 1);
        vm.prank(HOLDER);
        guardian.pause(witness);
        address slow = address(governor.timelockSlow());
        vm.prank(slow);
        guardian.appoint(HOLDER);
        assertEq(guardian.until(), block.timestamp + guardian.TERM(), "a new term");
        vm.prank(slow);
        vm.expectRevert(Guardian.GuardianHolderInvalid.selector);
        guardian.appoint(address(0));
    }

    function testFuzz_nobody_else_appoints(address other) public {
        vm.assume(other != address(governor.timelockSlow()));
        vm.prank(other);
        vm.expectRevert(abi.encodeWithSelector(Guardian.GuardianForbidden.selector, other));
        guardian.appoint(other);
    }

    /// @dev With every token of the world in its hands, the holder finds no call that moves one.
    function testFuzz_the_guardian_cannot_move_money(bytes4 selector, bytes32[4] calldata words) public {
        vm.prank(TREASURER);
        open.transfer(address(guardian), 1_000 ether);
        vm.prank(HOLDER);
        (bool done,) = address(guardian).call(abi.encodePacked(selector, words));
        done;
        for (uint256 i; i < 5; ++i) {
            vm.prank(HOLDER);
            (done,) = address(guardian).call(_aimAt(i, words));
        }
        assertEq(open.balanceOf(address(guardian)), 1_000 ether, "nothing moved");
        assertEq(open.allowance(address(guardian), HOLDER), 0, "nothing approved");
    }

    /// @dev The calls of the Guardian, aimed at the token itself.
    function _aimAt(uint256 which, bytes32[4] calldata words) private view returns (bytes memory) {
        address token = address(open);
        if (which == 0) return abi.encodeCall(Guardian.pause, (IPausable(token)));
        if (which == 1) return abi.encodeCall(Guardian.unpause, (IPausable(token)));
        uint32 id = uint32(uint256(words[0]));
        if (which == 2) return abi.encodeCall(Guardian.veto, (IDisputed(token), id));
        if (which == 3) return abi.encodeCall(Guardian.cancelChange, (IDisputed(token), HOLDER));
        return abi.encodeCall(Guardian.resolve, (IDisputed(token), id, true));
    }
}
