// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bounties} from "../src/Bounties.sol";
import {TransientLock} from "../src/lib/TransientLock.sol";
import {BountySetup} from "./support/BountySetup.sol";
import {HostileOpen} from "./support/Tokens.sol";

/// @dev A token that calls back in the middle of a transfer: every money path called from every money path is refused.
contract BountiesReentrancyTest is BountySetup {
    HostileOpen private hostile;
    uint256 private id;
    uint256 private award;

    function setUp() public {
        hostile = new HostileOpen(address(this));
        _begin(hostile);
        id = bounties.open(GOAL, _dataTerms(), 100 ether);
        vm.warp(block.timestamp + 1 days + 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(BOB, 2));
        vm.prank(OWNER);
        award = bounties.awardRows(id, snapshot, rows);
    }

    function testFuzz_money_paths_are_not_reentered(uint8 outer, uint8 inner, bool before) public {
        uint256 held = token.balanceOf(address(bounties));
        Bounties.Terms memory terms = _dataTerms();
        bytes[5] memory calls = [
            abi.encodeCall(Bounties.open, (GOAL, terms, 0)),
            abi.encodeCall(Bounties.fund, (id, 1)),
            abi.encodeCall(Bounties.object, (id, award, "")),
            abi.encodeCall(Bounties.pay, (id, award, _pair(ALICE, BOB))),
            abi.encodeCall(Bounties.refund, (id, address(this)))
        ];
        if (outer % 5 == 1) calls[1] = abi.encodeCall(Bounties.fund, (bounties.open(GOAL, terms, 0), 1 ether));
        if (outer % 5 == 3) vm.warp(block.timestamp + 2 days);
        if (outer % 5 == 4) vm.warp(block.timestamp + 20 days);
        if (outer % 5 == 0) calls[0] = abi.encodeCall(Bounties.open, (GOAL, terms, 1 ether));
        hostile.arm(address(bounties), calls[inner % 5], before);
        (bool done,) = address(bounties).call(calls[outer % 5]);
        assertTrue(done, "the outer call comes out right");
        assertTrue(hostile.attempted() && !hostile.succeeded(), "the inner one was refused");
        bytes4 reason = bytes4(hostile.result());
        assertTrue(reason == TransientLock.ReentrancyGuardReentrantCall.selector, "by the guard");
        uint256[5] memory moved = [uint256(1 ether), 1 ether, 12 ether, 20 ether, 80 ether];
        uint256 now_ = token.balanceOf(address(bounties));
        assertEq(outer % 5 < 2 ? now_ - held : held - now_, moved[outer % 5], "once");
    }
}
