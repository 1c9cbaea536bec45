// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bounties} from "../src/Bounties.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {DatanetRecords} from "../src/datanets/DatanetRecords.sol";
import {GuardianPause} from "../src/lib/GuardianPause.sol";
import {BountySetup} from "./support/BountySetup.sol";
import {PlainOpen, TaxedOpen} from "./support/Tokens.sol";

contract BountiesTest is BountySetup {
    function setUp() public {
        _begin(new PlainOpen(address(this)));
    }

    /// @dev The whole life of a bounty for data: whoever gives, objects and leaves, it ends with nothing in it.
    function testFuzz_every_wei_goes_to_contributors_or_back(uint96 a, uint96 b, uint16 firm, bool objects) public {
        (a, b) = (uint96(bound(a, 2 * UNIT, 1e24)), uint96(bound(b, 1, 1e24)));
        Bounties.Terms memory terms = _dataTerms();
        terms.firmBps = uint16(bound(firm, 0, 10_000));
        uint256 id = bounties.open(GOAL, terms, 0);
        _give(id, BOB, a);
        _give(id, STRANGER, b);
        uint256 award = _awardTwo(id);
        uint256 part = bounties.partOf(id, award, STRANGER);
        assertEq(part, uint256(2 * UNIT) * (10_000 - terms.firmBps) * b / (uint256(a) + b) / 10_000, "part");
        if (objects && part != 0) {
            vm.prank(STRANGER);
            bounties.object(id, award, "not about bridges");
            assertEq(token.balanceOf(STRANGER), part, "their part at once");
        } else {
            part = 0;
        }
        vm.warp(block.timestamp + 2 days);
        assertEq(bounties.pay(id, award, _pair(ALICE, JUDGE)), 2 * UNIT - part, "the rest of the award");
        uint256 more = (2 * UNIT - part) % 2;
        assertEq(token.balanceOf(ALICE), (2 * UNIT - part) / 2 + more, "half, and the odd wei");
        assertEq(token.balanceOf(JUDGE), (2 * UNIT - part) / 2, "half");
        vm.warp(block.timestamp + 10 days);
        uint256 rest = uint256(a) + b - 2 * UNIT;
        assertEq(bounties.refund(id, BOB), rest * a / (uint256(a) + b), "by what was given");
        bounties.refund(id, STRANGER);
        assertEq(token.balanceOf(address(bounties)), 0, "nothing stays");
        assertEq(token.balanceOf(BOB) + token.balanceOf(STRANGER) - part, rest, "and no more");
    }

    function test_events_say_who_when_and_how_much() public {
        Bounties.Terms memory terms = _dataTerms();
        vm.expectEmit(true, true, true, true);
        emit Bounties.BountyOpened(1, address(this), GOAL, terms);
        vm.expectEmit(true, true, false, true);
        emit Bounties.BountyFunded(1, address(this), 50 ether, 50 ether);
        assertEq(bounties.open(GOAL, terms, 50 ether), 1, "numbered from 1");
        vm.warp(terms.fundUntil + 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(BOB, 2));
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (registry.leafOf(rows[0].record), registry.leafOf(rows[1].record));
        vm.expectEmit(true, true, true, true);
        emit Bounties.BountyAwarded(1, 1, OWNER, 2 * UNIT, uint40(block.timestamp) + 2 days, leaves);
        vm.expectEmit(true, true, false, true);
        emit Bounties.BountyPayees(1, 1, _pair(ALICE, BOB));
        vm.prank(OWNER);
        bounties.awardRows(1, snapshot, rows);
        vm.expectEmit(true, true, true, true);
        emit Bounties.BountyObjected(1, 1, address(this), 12 ether, "why");
        bounties.object(1, 1, "why");
        vm.warp(block.timestamp + 2 days);
        vm.expectEmit(true, true, false, true);
        emit Bounties.BountyPaid(1, 1, 8 ether, STRANGER);
        vm.prank(STRANGER);
        bounties.pay(1, 1, _pair(ALICE, BOB));
        vm.warp(terms.deadline + 1);
        vm.expectEmit(true, true, false, true);
        emit Bounties.BountyRefunded(1, address(this), 30 ether);
        bounties.refund(1, address(this));
    }

    function test_only_a_curator_awards_only_new_rows_of_the_newest_version_and_each_once() public {
        vm.warp(block.timestamp + 1 hours);
        DatanetRecords.Record memory old = _record(ALICE, 1);
        old.contributedAt -= 1;
        uint256 id = bounties.open(GOAL, _dataTerms(), 100 ether);
        vm.warp(block.timestamp + 1 days + 1);
        (Bounties.Snapshot memory stale, Bounties.Row[] memory first) = _version(old, _record(BOB, 2));
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(old, _record(BOB, 3));
        _refuseRows(STRANGER, id, snapshot, rows, abi.encodeWithSelector(Bounties.BountyForbidden.selector, id, STRANGER));
        _refuseRows(OWNER, id, stale, first, abi.encodeWithSelector(Bounties.BountyHeadWrong.selector, id));
        _refuseRows(OWNER, id, snapshot, rows, abi.encodeWithSelector(Bounties.BountyRowInvalid.selector, id, 0));
        Bounties.Row[] memory one = new Bounties.Row[](1);
        one[0] = rows[1];
        one[0].record.contributor = STRANGER; // another's row under one's own name
        _refuseRows(OWNER, id, snapshot, one, abi.encodeWithSelector(Bounties.BountyRowInvalid.selector, id, 0));
        one[0].record.contributor = BOB;
        vm.prank(OWNER);
        registry.setRole(datanet, JUDGE, 1);
        vm.prank(JUDGE);
        assertEq(bounties.awardRows(id, snapshot, one), 1, "a curator as well as the owner");
        bytes32 leaf = registry.leafOf(one[0].record);
        _refuseRows(OWNER, id, snapshot, one, abi.encodeWithSelector(Bounties.BountyRowTaken.selector, id, leaf));
        _refuseRows(OWNER, id, snapshot, new Bounties.Row[](0), abi.encodeWithSelector(Bounties.BountyRowInvalid.selector, id, 0));
        Bounties.Row[] memory many = new Bounties.Row[](101);
        _refuseRows(OWNER, id, snapshot, many, abi.encodeWithSelector(Bounties.BountyRowInvalid.selector, id, 101));
    }

    function test_a_withdrawn_row_is_awarded_nothing() public {
        uint256 id = bounties.open(GOAL, _dataTerms(), 100 ether);
        vm.warp(block.timestamp + 1 days + 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(BOB, 2));
        DatanetRecords.Record[] memory mine = new DatanetRecords.Record[](1);
        mine[0] = rows[1].record;
        vm.prank(BOB);
        registry.withdrawRecords(datanet, mine);
        _refuseRows(OWNER, id, snapshot, rows, abi.encodeWithSelector(Bounties.BountyRowInvalid.selector, id, 1));
    }

    function test_nothing_is_awarded_while_money_comes_in_after_the_end_or_beyond_what_is_there() public {
        uint256 id = bounties.open(GOAL, _dataTerms(), 2 * UNIT - 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(BOB, 2));
        uint256 until = block.timestamp + 1 days;
        _refuseRows(OWNER, id, snapshot, rows, abi.encodeWithSelector(Bounties.BountyFundingOpen.selector, id, until));
        vm.warp(until + 1);
        bytes memory short = abi.encodeWithSelector(Bounties.BountyShort.selector, id, 2 * UNIT - 1, 2 * UNIT);
        _refuseRows(OWNER, id, snapshot, rows, short);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyFundingOver.selector, id, until));
        bounties.fund(id, 1);
        vm.warp(until + 9 days);
        _refuseRows(OWNER, id, snapshot, rows, short);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyNotOver.selector, id));
        bounties.refund(id, address(this));
        vm.warp(until + 9 days + 1);
        _refuseRows(OWNER, id, snapshot, rows, abi.encodeWithSelector(Bounties.BountyOver.selector, id, until + 9 days));
        assertEq(bounties.refund(id, address(this)), 2 * UNIT - 1, "all back");
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyNothingToTake.selector, id, address(this)));
        bounties.refund(id, address(this));
    }

    function test_an_objection_counts_once_in_time_and_never_for_others() public {
        uint256 id = bounties.open(GOAL, _dataTerms(), 50 ether);
        _give(id, BOB, 50 ether);
        uint256 award = _awardTwo(id);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyNothingToTake.selector, id, STRANGER));
        vm.prank(STRANGER);
        bounties.object(id, award, "");
        vm.prank(BOB);
        assertEq(bounties.object(id, award, ""), 6 ether, "half of 20, less 40 %");
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyNothingToTake.selector, id, BOB));
        vm.prank(BOB);
        bounties.object(id, award, "");
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyAwardUnknown.selector, id, 2));
        bounties.object(id, 2, "");
        vm.warp(block.timestamp + 2 days - 1);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyAwardOpen.selector, id, award, block.timestamp + 1));
        bounties.pay(id, award, _pair(ALICE, JUDGE));
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyAwardFinal.selector, id, award));
        bounties.object(id, award, "");
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyAwardUnknown.selector, id, award));
        bounties.pay(id, award, _pair(ALICE, STRANGER));
        bounties.pay(id, award, _pair(ALICE, JUDGE));
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyAwardFinal.selector, id, award));
        bounties.pay(id, award, _pair(ALICE, JUDGE));
        assertEq(token.balanceOf(address(bounties)), 80 ether, "what was not awarded is untouched");
    }

    function test_a_refund_waits_for_no_award_and_an_objection_for_no_refund() public {
        Bounties.Terms memory terms = _dataTerms();
        uint256 id = bounties.open(GOAL, terms, 40 ether);
        vm.warp(terms.fundUntil + 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(BOB, 2));
        vm.warp(terms.deadline);
        vm.prank(OWNER);
        uint256 award = bounties.awardRows(id, snapshot, rows);
        vm.warp(terms.deadline + 1);
        assertEq(bounties.refund(id, address(this)), 20 ether, "what was not awarded");
        assertEq(bounties.object(id, award, ""), 12 ether, "and the part in the window");
    }

    function test_a_run_pays_the_owner_of_the_newest_version_that_names_an_evaluation() public {
        uint256 id = bounties.open(GOAL, _runTerms(), 60 ether);
        _give(id, BOB, 60 ether);
        vm.warp(block.timestamp + 1 days + 1);
        (bytes32 before, ModelRegistry.Version memory version) = _publish(0);
        _refuseRun(JUDGE, id, before, version, abi.encodeWithSelector(Bounties.BountyHeadWrong.selector, id));
        (bytes32 stale, ModelRegistry.Version memory older) = _publish("first");
        (before, version) = _publish("evaluation");
        _refuseRun(JUDGE, id, stale, older, abi.encodeWithSelector(Bounties.BountyHeadWrong.selector, id));
        _refuseRun(TRAINER, id, before, version, abi.encodeWithSelector(Bounties.BountyForbidden.selector, id, TRAINER));
        Bounties.Row[] memory rows;
        Bounties.Snapshot memory none;
        _refuseRows(JUDGE, id, none, rows, abi.encodeWithSelector(Bounties.BountyForbidden.selector, id, JUDGE));
        vm.prank(TRAINER);
        models.setState(model, 2);
        _refuseRun(JUDGE, id, before, version, abi.encodeWithSelector(Bounties.BountyHeadWrong.selector, id));
        vm.prank(TRAINER);
        models.setState(model, 1);
        vm.prank(JUDGE);
        uint256 award = bounties.awardRun(id, model, before, version);
        _refuseRun(JUDGE, id, before, version, abi.encodeWithSelector(Bounties.BountyShort.selector, id, 0, 0));
        vm.warp(block.timestamp + 2 days);
        bounties.pay(id, award, _one(TRAINER));
        assertEq(token.balanceOf(TRAINER), 120 ether, "everything");
    }

    function test_a_missed_target_goes_back_at_once() public {
        uint256 id = bounties.open(GOAL, _runTerms(), 99 ether);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyNotOver.selector, id));
        bounties.refund(id, address(this));
        vm.warp(block.timestamp + 1 days + 1);
        (bytes32 before, ModelRegistry.Version memory version) = _publish("evaluation");
        bytes memory missed = abi.encodeWithSelector(Bounties.BountyTargetMissed.selector, id, 99 ether, 100 ether);
        _refuseRun(JUDGE, id, before, version, missed);
        vm.prank(STRANGER);
        assertEq(bounties.refund(id, address(this)), 99 ether, "anyone may bring it about");
    }

    function test_a_recipient_is_paid_for_its_account_and_nobody_for_an_unbound_handle() public {
        vm.prank(ALICE);
        ledger.setRecipient(ALICE, STRANGER);
        uint256 id = bounties.open(GOAL, _dataTerms(), 100 ether);
        vm.warp(block.timestamp + 2 days);
        ledger.confirmRecipient(ALICE);
        address handle = ledger.handleAccount("github:alice");
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(handle, 2));
        _refuseRows(OWNER, id, snapshot, rows, abi.encodeWithSelector(Bounties.BountyPayeeInvalid.selector, handle));
        (snapshot, rows) = _version(_record(ALICE, 1), _record(ALICE, 2));
        vm.prank(OWNER);
        bounties.awardRows(id, snapshot, rows);
        vm.warp(block.timestamp + 2 days);
        bounties.pay(id, 1, _pair(STRANGER, STRANGER));
        assertEq(token.balanceOf(STRANGER), 2 * UNIT, "the recipient, for both rows");
    }

    function test_nobody_is_awarded_while_their_account_is_being_moved() public {
        vm.prank(ALICE);
        ledger.setRecovery(ALICE, vm.addr(0xa11ce));
        uint256 id = bounties.open(GOAL, _dataTerms(), 100 ether);
        bytes32 kind = keccak256("Rotation(address account,address to,uint256 nonce,uint256 deadline)");
        (, string memory name, string memory version, uint256 chain, address at,,) = ledger.eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chain,
                at
            )
        );
        bytes32 message = keccak256(abi.encode(kind, ALICE, STRANGER, 0, type(uint256).max));
        bytes memory signature = signLong(0xa11ce, keccak256(abi.encodePacked(hex"1901", domain, message)));
        ledger.announceRotation(ALICE, STRANGER, type(uint256).max, signature);
        vm.warp(block.timestamp + 1 days + 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(BOB, 2));
        _refuseRows(OWNER, id, snapshot, rows, abi.encodeWithSelector(Bounties.BountyPayeeInvalid.selector, ALICE));
    }

    function test_terms_that_promise_nothing_are_refused() public {
        Bounties.Terms[12] memory wrong;
        for (uint256 i; i < 12; ++i) wrong[i] = i < 8 ? _dataTerms() : _runTerms();
        wrong[0].judge = JUDGE;
        wrong[1].unit = 0;
        wrong[2].fundUntil = uint40(block.timestamp - 1);
        wrong[3].deadline = wrong[3].fundUntil;
        wrong[4].deadline = uint40(block.timestamp + 400 days + 1);
        wrong[5].window = 1 hours - 1;
        wrong[6].window = 30 days + 1;
        wrong[7].datanetId = 99;
        wrong[8].judge = address(0);
        wrong[9].unit = 1;
        wrong[10].target = 0;
        wrong[11].firmBps = 10_001;
        for (uint256 i; i < 12; ++i) {
            vm.expectRevert(Bounties.BountyTermsInvalid.selector);
            bounties.open(GOAL, wrong[i], 0);
        }
    }

    function test_a_pause_stops_new_money_and_no_exit() public {
        uint256 id = bounties.open(GOAL, _dataTerms(), 100 ether);
        uint256 award = _awardTwo(id);
        uint256 other = bounties.open(GOAL, _dataTerms(), 0);
        vm.prank(GUARDIAN);
        bounties.pause();
        Bounties.Terms memory terms = _dataTerms();
        bytes memory paused = abi.encodeWithSelector(GuardianPause.PauseActive.selector, block.timestamp + 72 hours);
        vm.expectRevert(paused);
        bounties.open(GOAL, terms, 0);
        vm.expectRevert(paused);
        bounties.fund(other, 1);
        bounties.object(id, award, "");
        vm.warp(block.timestamp + 2 days);
        bounties.pay(id, award, _pair(ALICE, JUDGE));
        vm.warp(block.timestamp + 20 days);
        vm.prank(GUARDIAN);
        bounties.pause();
        bounties.refund(id, address(this));
    }

    function test_gifts_of_nothing_and_unknown_bounties_are_refused() public {
        uint256 id = bounties.open(GOAL, _dataTerms(), 0);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyNothingToTake.selector, id, address(this)));
        bounties.fund(id, 0);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyUnknown.selector, 9));
        bounties.fund(9, 1);
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyUnknown.selector, 9));
        bounties.refund(9, address(this));
        assertEq(bounties.partOf(9, 1, address(this)), 0, "nothing in what is not there");
    }

    function test_a_token_that_takes_a_part_is_refused() public {
        _begin(new TaxedOpen(address(this)));
        Bounties.Terms memory terms = _dataTerms();
        vm.expectRevert(abi.encodeWithSelector(Bounties.BountyTokenNotExact.selector, 99 ether, 100 ether));
        bounties.open(GOAL, terms, 100 ether);
    }

    /// @dev One row each of ALICE and JUDGE, after the funding.
    function _awardTwo(uint256 id) private returns (uint256) {
        vm.warp(block.timestamp + 1 days + 1);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) = _version(_record(ALICE, 1), _record(JUDGE, 2));
        vm.prank(OWNER);
        return bounties.awardRows(id, snapshot, rows);
    }

    function _refuseRows(
        address by,
        uint256 id,
        Bounties.Snapshot memory snapshot,
        Bounties.Row[] memory rows,
        bytes memory reason
    ) private {
        vm.expectRevert(reason);
        vm.prank(by);
        bounties.awardRows(id, snapshot, rows);
    }

    function _refuseRun(
        address by,
        uint256 id,
        bytes32 before,
        ModelRegistry.Version memory version,
        bytes memory reason
    ) private {
        vm.expectRevert(reason);
        vm.prank(by);
        bounties.awardRun(id, model, before, version);
    }
}
