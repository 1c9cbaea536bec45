// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bounties} from "../src/Bounties.sol";
import {BountySetup} from "./support/BountySetup.sol";
import {GasTable} from "./support/GasTable.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev No target of the protocol's table: these are reports. Two rows an award, proofs of one word.
contract GasBountiesTest is GasTable, BountySetup {
    function setUp() public {
        _begin(new PlainOpen(address(this)));
    }

    function test_gas_bounties() public withinTargets {
        bounties.open(GOAL, _dataTerms(), 1 ether);
        uint256 id = bounties.open(GOAL, _dataTerms(), 100 ether);
        _report("bounty open with a gift");
        token.transfer(BOB, 1 ether);
        vm.prank(BOB);
        token.approve(address(bounties), 1 ether);
        vm.prank(BOB);
        bounties.fund(id, 1 ether);
        _report("bounty gift");
        vm.warp(block.timestamp + 1 days + 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(BOB, 2));
        vm.prank(OWNER);
        uint256 award = bounties.awardRows(id, snapshot, rows);
        _report("bounty award of 2 rows");
        vm.prank(BOB);
        bounties.object(id, award, "");
        _report("bounty objection");
        vm.warp(block.timestamp + 2 days);
        bounties.pay(id, award, _pair(ALICE, BOB));
        _report("bounty pay 2 accounts");
        vm.warp(block.timestamp + 20 days);
        bounties.refund(id, BOB);
        _report("bounty refund");
    }
}
