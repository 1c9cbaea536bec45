// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DisputeCourt} from "../src/DisputeCourt.sol";
import {IDisputeCourt} from "../src/interfaces/IDisputeCourt.sol";
import {CourtBase} from "./support/CourtBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Cases about pools and accounts; epochs are in DisputeCourtLedger.t.sol.
contract DisputeCourtTest is CourtBase {
    IDisputeCourt.Phase private constant DRAWING = IDisputeCourt.Phase.Drawing;

    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function setUp() public override {
        super.setUp();
        vm.prank(RICH);
        pools.stake(POOL, 100_000 ether, ALICE);
    }

    // ------------------------------------------------------------------------------------------------------- outcomes

    function test_upheld_slashes_repays_rewards_and_pays_the_jury() public {
        uint256 opener = token.balanceOf(RICH);
        uint256 treasury = token.balanceOf(TREASURY);
        uint256 id = _openPool();
        assertEq(opener - token.balanceOf(RICH), BOND, "bond");
        _decide(id, _yes);
        _expectPhase(id, IDisputeCourt.Phase.Appealable);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.Upheld);
        assertEq(pools.stakeOf(POOL, ALICE), 80_000 ether, "2,000 bps");
        _payAll(id);
        assertEq(token.balanceOf(RICH) - opener, BOND, "the bond back and as much again, not half of what was taken");
        assertEq(token.balanceOf(TREASURY) - treasury, 20_000 ether - 2 * uint256(BOND), "the rest");
        uint256 paid;
        for (uint256 i; i < 5; ++i) paid += token.balanceOf(_validator(i));
        assertEq(paid, BOND, "seven fees");
    }

    function test_rejected_costs_the_opener_its_bond() public {
        uint256 id = _openPool();
        address[] memory jurors = _decide(id, _no);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.Rejected);
        assertEq(pools.stakeOf(POOL, ALICE), 100_000 ether, "nothing taken");
        assertEq(bench.credits(RICH), 0, "nothing back");
        bench.payJuror(id, 1, jurors[0]);
        assertEq(bench.credits(jurors[0]), uint256(FEE) * _seatsOf(id, 1, jurors[0]), "by seat");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtNothingToPay.selector, jurors[0]));
        bench.payJuror(id, 1, jurors[0]);
        _payAll(id);
    }

    function test_who_votes_against_the_end_is_not_paid() public {
        uint256 id = _openPool();
        address[] memory jurors = _draw(id);
        _vote(id, jurors, _evenIsYes);
        (uint8 up, uint8 down) = (bench.roundOf(id, 1).up, bench.roundOf(id, 1).down);
        assertEq(uint256(up) + down, 7, "all seats");
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        bool upheld = up > down;
        _expectVerdict(id, upheld ? IDisputeCourt.Verdict.Upheld : IDisputeCourt.Verdict.Rejected);
        for (uint256 i; i < 5; ++i) {
            if (_seatsOf(id, 1, _validator(i)) == 0 || (_evenIsYes(_validator(i)) == 1) == upheld) continue;
            vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtNothingToPay.selector, _validator(i)));
            bench.payJuror(id, 1, _validator(i));
        }
        _payAll(id);
    }

    function test_silence_punishes_nobody_but_the_jurors_who_kept_it() public {
        uint256 opener = token.balanceOf(RICH);
        uint256 id = _openPool();
        address[] memory jurors = _decide(id, _silent);
        bench.reportMiss(id, 1, jurors[0]);
        (,,,, uint8 misses,) = set.validators(jurors[0]);
        assertEq(misses, 1, "a miss");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtNotJuror.selector, jurors[0]));
        bench.reportMiss(id, 1, jurors[0]);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.None);
        _payAll(id);
        assertEq(token.balanceOf(RICH), opener, "the whole bond back");
        assertEq(pools.stakeOf(POOL, ALICE), 100_000 ether, "nothing taken");
    }

    function test_one_account_may_be_accused() public {
        vm.prank(RICH);
        pools.stake(POOL, 1_000 ether, BOB);
        vm.prank(RICH);
        vm.expectRevert(DisputeCourt.CourtSubjectInvalid.selector);
        bench.openAccount(POOL, address(0), 3_000, COMMITMENT, "");
        vm.prank(RICH);
        uint256 id = bench.openAccount(POOL, BOB, 3_000, COMMITMENT, "");
        _decide(id, _yes);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        assertEq(pools.stakeOf(POOL, BOB), 700 ether, "BOB's only");
        assertEq(pools.stakeOf(POOL, ALICE), 100_000 ether, "not ALICE's");
        assertEq(bench.credits(TREASURY), 0, "300 do not even repay the bond");
        _payAll(id);
    }

    // -------------------------------------------------------------------------------------------------------- appeals

    function test_an_appeal_that_turns_the_verdict() public {
        uint256 id = _openPool();
        _decide(id, _yes);
        _appeal(id, ALICE);
        _expectPhase(id, DRAWING);
        address[] memory jurors = _decide(id, _no);
        assertEq(jurors.length, 15, "fifteen seats");
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.Rejected);
        assertEq(bench.credits(ALICE), BOND, "what the first jury did not earn is the appellant's");
        assertEq(bench.credits(RICH), 0, "the opener's bond is lost");
        _payAll(id);
    }

    function test_the_governor_has_the_last_word_or_the_last_verdict_stands() public {
        uint256 id = _openPool();
        _decide(id, _yes);
        _appeal(id, ALICE);
        _decide(id, _yes);
        _appeal(id, ALICE);
        _expectPhase(id, IDisputeCourt.Phase.Governing);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtForbidden.selector, address(this)));
        bench.rule(id, false);
        uint256 asIs = blocks.snapshotState();
        vm.prank(slow);
        bench.rule(id, false);
        _expectPhase(id, IDisputeCourt.Phase.Final);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.Rejected);
        assertEq(bench.credits(ALICE), uint256(BOND) + 30 * uint256(FEE), "all three bonds: no juror was right");
        _payAll(id);
        blocks.revertToState(asIs);
        vm.warp(block.timestamp + 30 days);
        vm.prank(slow);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, IDisputeCourt.Phase.Final));
        bench.rule(id, false);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.Upheld);
        _payAll(id);
    }

    function test_an_appeal_that_is_not_drawn_leaves_room_for_another() public {
        uint256 id = _openPool();
        _decide(id, _yes);
        vm.warp(block.timestamp + 1 days - 1);
        _appeal(id, CAROL); // the winner's friend uses up the time
        blocks.roll(block.number + 258);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtDrawMissed.selector, id));
        bench.draw(id, "secret");
        bench.lapse(id);
        assertEq(bench.credits(TREASURY), 15 * uint256(FEE), "her bond is lost");
        vm.warp(block.timestamp + 5 hours);
        _expectPhase(id, IDisputeCourt.Phase.Appealable);
        _appeal(id, ALICE);
        _decide(id, _no);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.Rejected);
        _payAll(id);
    }

    function test_after_a_lapsed_appeal_the_verdict_becomes_final() public {
        uint256 id = _openPool();
        _decide(id, _yes);
        _appeal(id, CAROL);
        blocks.roll(block.number + 258);
        bench.lapse(id);
        vm.warp(block.timestamp + 1 days);
        _expectPhase(id, IDisputeCourt.Phase.Final);
        _closeAndExecute(id);
        _expectVerdict(id, IDisputeCourt.Verdict.Upheld);
        _payAll(id);
    }

    // ----------------------------------------------------------------------------------------------------------- jury

    function test_draw_wants_the_secret_and_a_block_that_nobody_knew() public {
        uint256 id = _openPool();
        vm.expectRevert(DisputeCourt.CourtSecretWrong.selector);
        bench.draw(id, "guess");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtTooEarly.selector, block.number + 1));
        bench.draw(id, "secret");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtTooEarly.selector, block.number + 258));
        bench.lapse(id);
        _draw(id);
        vm.expectRevert(
            abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, IDisputeCourt.Phase.Committing)
        );
        bench.draw(id, "secret");
    }

    function test_who_looks_and_walks_away_loses_the_bond() public {
        uint256 id = _openPool();
        blocks.roll(block.number + 258);
        bench.lapse(id);
        _expectPhase(id, IDisputeCourt.Phase.Closed);
        assertEq(bench.credits(TREASURY), BOND, "lost");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, IDisputeCourt.Phase.Closed));
        bench.execute(id);
        _payAll(id);
    }

    function test_weights_of_another_term_draw_nobody() public {
        uint256 id = _openPool();
        _nextTerm();
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtDrawMissed.selector, id));
        bench.draw(id, "secret");
        (, uint256 endsAt) = set.term();
        vm.warp(endsAt - 30 minutes);
        vm.prank(RICH);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtTermEnding.selector, endsAt));
        bench.openPool(POOL, 1, COMMITMENT, "");
    }

    function test_opener_and_accused_take_no_seat() public {
        bytes32 pool = _poolOf(0);
        vm.startPrank(RICH);
        token.transfer(_validator(1), 2_000 ether);
        vm.stopPrank();
        vm.startPrank(_validator(1));
        token.approve(court, type(uint256).max);
        uint256 id = bench.openPool(pool, 1_000, COMMITMENT, "");
        vm.stopPrank();
        address[] memory jurors = _draw(id);
        for (uint256 i; i < jurors.length; ++i) {
            assertTrue(jurors[i] != _validator(0) && jurors[i] != _validator(1), "apart");
        }
    }

    function test_votes_in_their_phase_by_jurors_and_once() public {
        uint256 id = _openPool();
        address juror = _draw(id)[0];
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtNotJuror.selector, CAROL));
        vm.prank(CAROL);
        bench.vote(id, "x");
        bytes32 commitment = bench.commitmentOf(id, 1, juror, true, SALT);
        vm.startPrank(juror);
        vm.expectRevert(DisputeCourt.CourtVoteInvalid.selector);
        bench.vote(id, 0);
        bench.vote(id, "changed my mind");
        bench.vote(id, commitment);
        vm.expectRevert(
            abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, IDisputeCourt.Phase.Committing)
        );
        bench.reveal(id, true, SALT);
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, IDisputeCourt.Phase.Revealing));
        bench.vote(id, commitment);
        vm.expectRevert(DisputeCourt.CourtVoteInvalid.selector);
        bench.reveal(id, false, SALT);
        bench.reveal(id, true, SALT);
        vm.expectRevert(DisputeCourt.CourtVoteInvalid.selector);
        bench.reveal(id, true, SALT);
        vm.stopPrank();
        vm.expectRevert();
        bench.reportMiss(id, 1, juror); // the phase lasts
        vm.warp(block.timestamp + 1 days);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtNotJuror.selector, juror));
        bench.reportMiss(id, 1, juror); // did its duty
    }

    // --------------------------------------------------------------------------------------------------------- limits

    function test_refusals_of_openings() public {
        vm.startPrank(RICH);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtSlashInvalid.selector, 0));
        bench.openPool(POOL, 0, COMMITMENT, "");
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtSlashInvalid.selector, 3_001));
        bench.openPool(POOL, 3_001, COMMITMENT, "");
        vm.expectRevert(DisputeCourt.CourtSubjectInvalid.selector);
        bench.openPool(bytes32(uint256(7)), 1, COMMITMENT, "");
        vm.stopPrank();
        _expectPhase(1, IDisputeCourt.Phase.None);
        directory.set(keccak256("DisputeCourt"), address(directory));
        vm.prank(RICH);
        vm.expectRevert(DisputeCourt.CourtNotSeated.selector);
        bench.openPool(POOL, 1, COMMITMENT, "");
    }

    function test_no_case_without_anybody_to_judge() public {
        for (uint256 i; i < 5; ++i) {
            vm.prank(_validator(i));
            set.resign();
        }
        _nextTerm();
        vm.prank(RICH);
        vm.expectRevert(DisputeCourt.CourtNoJury.selector);
        bench.openPool(POOL, 1, COMMITMENT, "");
    }

    function test_what_is_leaving_is_held_while_the_court_decides() public {
        vm.prank(ALICE);
        pools.unbond(POOL, 100_000 ether);
        uint256 start = block.timestamp;
        vm.warp(start + 6 days);
        uint256 id = _openPool();
        assertEq(pools.withdrawableAt(POOL, ALICE), start + 10 days, "held for this round");
        _decide(id, _yes);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        assertEq(pools.unbondingOf(POOL, ALICE), 80_000 ether, "slashed in time");
    }

    function test_an_end_comes_once() public {
        uint256 id = _openPool();
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, DRAWING));
        bench.close(id);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, DRAWING));
        bench.execute(id);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, DRAWING));
        bench.appeal(id, 0);
        _decide(id, _no);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, IDisputeCourt.Phase.Closed));
        bench.close(id);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtWrongPhase.selector, id, IDisputeCourt.Phase.Closed));
        bench.execute(id);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtNothingToPay.selector, BOB));
        bench.withdraw(BOB);
    }

    function _evenIsYes(address juror) private pure returns (uint256) {
        for (uint256 i; i < 5; ++i) if (juror == _validator(i)) return i % 2 == 0 ? 1 : 0;
        return 2;
    }
}
