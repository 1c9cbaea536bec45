// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {DisputeCourt} from "../src/DisputeCourt.sol";
import {IDisputeCourt} from "../src/interfaces/IDisputeCourt.sol";
import {ISettledEpochs} from "../src/interfaces/ISettledEpochs.sol";
import {CourtBase} from "./support/CourtBase.sol";
import {PlainOpen} from "./support/Tokens.sol";
import {TurningOpen} from "./support/TurningOpen.sol";

/// @dev Challenges of a real ledger before a real court. CAROL publishes, RICH challenges.
contract DisputeCourtLedgerTest is CourtBase {
    AttributionLedger private ledger;
    uint32 private epoch;
    uint256 private challengedAt;

    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function setUp() public override {
        super.setUp();
        AttributionLedger.Config memory c;
        (c.token, c.window, c.disputeTimeout) = (token, 1 days, 7 days);
        (c.publisherBond, c.challengeBond, c.recipientDelay, c.rotationDelay) = (10_000 ether, 1_000 ether, 2 days, 7 days);
        (c.guardian, c.treasury, c.directory) = (GUARDIAN, TREASURY, directory);
        ledger = new AttributionLedger(c);
        directory.set(keccak256("AttributionLedger"), address(ledger));
        _enrich(RICH, address(ledger));
        _enrich(CAROL, address(ledger));
        vm.startPrank(CAROL);
        ledger.postBond(10_000 ether);
        epoch = ledger.submit(0, "earnings", "receipts", 0, "ipfs://epoch");
        vm.stopPrank();
        vm.prank(RICH);
        ledger.challenge(epoch, "ipfs://evidence");
        challengedAt = block.timestamp;
    }

    function test_an_upheld_challenge_revokes_and_slashes() public {
        uint256 id = _open(RICH);
        _decide(id, _yes);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        assertEq(uint256(ledger.stateOf(epoch)), uint256(ISettledEpochs.State.Revoked), "revoked");
        assertEq(_bond(RICH), 6_000 ether, "its bond and half of the publisher's");
        _payAll(id);
    }

    function test_a_rejected_challenge_gives_the_epoch_a_fresh_window() public {
        uint256 id = _open(RICH);
        _decide(id, _no);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        assertEq(uint256(ledger.stateOf(epoch)), uint256(ISettledEpochs.State.Pending), "pending again");
        assertEq(_bond(CAROL), 11_000 ether, "the challenger's bond");
        _payAll(id);
    }

    function test_all_instances_end_before_the_ledger_gives_up() public {
        vm.warp(challengedAt + 1 days + 1 hours);
        uint256 id = _open(CAROL);
        _decide(id, _yes);
        vm.warp(block.timestamp + 1 days - 1);
        _appeal(id, CAROL);
        _decide(id, _no);
        _expectPhase(id, IDisputeCourt.Phase.Final); // the second jury is an epoch's last
        assertTrue(block.timestamp + 12 hours < challengedAt + 7 days, "in time");
        _closeAndExecute(id);
        assertEq(uint256(ledger.stateOf(epoch)), uint256(ISettledEpochs.State.Pending), "pending again");
        _payAll(id);
    }

    function test_only_the_challenger_may_open_in_the_first_day_and_one_case_at_a_time() public {
        vm.prank(CAROL);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtNotYet.selector, challengedAt + 1 days));
        bench.openEpoch(epoch, COMMITMENT, "");
        uint256 id = _open(RICH);
        vm.prank(RICH);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtCaseOpen.selector, id));
        bench.openEpoch(epoch, COMMITMENT, "");
        vm.prank(RICH);
        vm.expectRevert(DisputeCourt.CourtSubjectInvalid.selector);
        bench.openEpoch(epoch + 1, COMMITMENT, "");
    }

    function test_a_challenger_who_walks_away_from_a_jury_loses_the_challenge() public {
        uint256 id = _open(RICH);
        blocks.roll(block.number + 258);
        bench.lapse(id);
        assertEq(uint256(ledger.stateOf(epoch)), uint256(ISettledEpochs.State.Pending), "rejected");
        assertEq(_bond(CAROL), 11_000 ether, "with its bond");
    }

    function test_another_who_walks_away_harms_only_itself() public {
        vm.warp(challengedAt + 1 days);
        uint256 id = _open(CAROL); // the publisher opens and does not draw
        blocks.roll(block.number + 258);
        bench.lapse(id);
        assertEq(uint256(ledger.stateOf(epoch)), uint256(ISettledEpochs.State.Frozen), "the challenge stands");
        assertEq(bench.credits(TREASURY), BOND, "her bond does not");
        id = _open(RICH);
        _decide(id, _yes);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(id);
        assertEq(uint256(ledger.stateOf(epoch)), uint256(ISettledEpochs.State.Revoked), "decided after all");
        _payAll(id);
    }

    function test_the_publisher_judges_no_epoch_of_its_own() public {
        address judge = _validator(0);
        vm.prank(RICH);
        token.transfer(judge, 20_000 ether);
        vm.startPrank(judge);
        token.approve(address(ledger), type(uint256).max);
        ledger.postBond(10_000 ether);
        vm.stopPrank();
        uint256 first = _open(RICH);
        _decide(first, _yes);
        vm.warp(block.timestamp + 1 days);
        _closeAndExecute(first);
        vm.prank(judge);
        epoch = ledger.submit(0, "earnings", "receipts", 0, "");
        vm.prank(RICH);
        ledger.challenge(epoch, "");
        address[] memory jurors = _draw(_open(RICH));
        for (uint256 i; i < jurors.length; ++i) assertTrue(jurors[i] != judge, "apart");
    }

    function test_a_jury_that_cannot_agree_leaves_the_ledger_to_its_clock() public {
        uint256 id = _open(RICH);
        _decide(id, _silent);
        vm.warp(block.timestamp + 1 days);
        bench.close(id);
        vm.prank(RICH);
        vm.expectRevert(abi.encodeWithSelector(DisputeCourt.CourtCaseOpen.selector, id));
        bench.openEpoch(epoch, COMMITMENT, "");
        bench.execute(id); // nothing to do
        assertEq(uint256(ledger.stateOf(epoch)), uint256(ISettledEpochs.State.Frozen), "still disputed");
        _open(RICH); // may be brought again
        vm.warp(challengedAt + 7 days);
        ledger.expire(epoch);
        assertEq(_bond(RICH), 1_000 ether, "nobody loses a bond");
    }

    function test_a_decision_that_the_ledger_overtook_changes_nothing_and_still_pays() public {
        uint256 id = _open(RICH);
        _decide(id, _yes);
        vm.warp(challengedAt + 7 days);
        ledger.expire(epoch);
        _closeAndExecute(id);
        assertEq(_bond(RICH), 1_000 ether, "no slash any more");
        _payAll(id);
    }

    function _open(address who) private returns (uint256) {
        vm.prank(who);
        return bench.openEpoch(epoch, COMMITMENT, "ipfs://evidence");
    }

    function _bond(address who) private view returns (uint96 amount) {
        (amount,) = ledger.bonds(who);
    }
}

/// @dev A token that begins to take a tax is refused.
contract DisputeCourtTaxedTest is CourtBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new TurningOpen(holder);
    }

    function test_a_tax_is_refused() public {
        TurningOpen(address(token)).turn();
        vm.prank(RICH);
        vm.expectRevert(
            abi.encodeWithSelector(DisputeCourt.CourtTokenNotExact.selector, uint256(BOND) - BOND / 100, BOND)
        );
        bench.openPool(POOL, 1, COMMITMENT, "");
    }
}
