// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {IUptimeFeed} from "../src/interfaces/IUptimeFeed.sol";
import {GuardianPause} from "../src/lib/GuardianPause.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {LedgerBase} from "./support/LedgerBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev A sequencer's feed that the test moves.
contract Uptime is IUptimeFeed {
    int256 private _answer;
    uint256 private _startedAt;

    function set(int256 answer, uint256 startedAt) external {
        (_answer, _startedAt) = (answer, startedAt);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, _answer, _startedAt, _startedAt, 1);
    }
}

/// @dev Invariant 16 for the ledger, its end, and windows that an outage of the sequencer must not shorten.
contract AttributionLedgerPauseTest is LedgerBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function test_a_pause_stops_submissions_and_no_exit() public {
        _fund(10 ether);
        uint32 first = _submit(1 ether, 1 ether, 2 ether);
        vm.warp(block.timestamp + WINDOW);
        uint32 second = _submit(2 ether, 2 ether, 4 ether);
        vm.prank(GUARDIAN);
        ledger.pause();
        uint256 until = block.timestamp + 72 hours;
        vm.warp(block.timestamp + SPACING);
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseActive.selector, until));
        vm.prank(PUBLISHER);
        ledger.submit(second, "root", RECEIPTS, 5 ether, "");
        assertEq(_claim(first, ALICE, 1 ether), 1 ether, "claim");
        _fund(1 ether);
        _challenge(second);
        _resolve(second, false);
        vm.prank(ALICE);
        ledger.setRecipient(ALICE, BOB);
        vm.warp(block.timestamp + RECIPIENT_DELAY);
        ledger.confirmRecipient(ALICE);
        assertEq(_claim(second, ALICE, 2 ether), 1 ether, "activation by clock goes on");
        vm.prank(PUBLISHER);
        ledger.withdrawBond(1 ether);
        vm.warp(until);
        assertEq(_submit(3 ether, 2 ether, 5 ether), second + 1, "and submissions after it");
        vm.warp(block.timestamp + SPACING);
        assertEq(_submit(3 ether, 2 ether, 5 ether), second + 2, "without a trace");
    }

    function test_an_unresolved_dispute_expires_during_a_pause() public {
        _fund(10 ether);
        uint32 id = _submit(1 ether, 1 ether, 2 ether);
        _challenge(id);
        vm.warp(block.timestamp + 7 days - 1 hours);
        vm.prank(GUARDIAN);
        ledger.pause();
        vm.warp(block.timestamp + 1 hours);
        ledger.expire(id);
        vm.prank(CHALLENGER);
        ledger.withdrawBond(STAKE);
    }

    function test_a_sunset_ends_submissions_and_no_claim() public {
        _fund(10 ether);
        uint32 id = _submit(1 ether, 1 ether, 2 ether);
        directory.setSunset(address(ledger), block.timestamp);
        ledger.close();
        vm.warp(block.timestamp + WINDOW);
        vm.expectRevert(GuardianPause.SunsetReached.selector);
        vm.prank(PUBLISHER);
        ledger.submit(id, "root", RECEIPTS, 5 ether, "");
        assertEq(_claim(id, ALICE, 1 ether), 1 ether, "claim");
        vm.prank(PUBLISHER);
        ledger.withdrawBond(BOND);
    }

    /// @dev The window counts from the sequencer's recovery, for whatever nobody had claimed against before.
    function testFuzz_an_outage_never_shortens_a_window(uint256 down, uint256 wait) public {
        Uptime feed = _withFeed();
        uint32 first = _submit(1 ether, 1 ether, 2 ether);
        vm.warp(block.timestamp + WINDOW);
        _claim(first, ALICE, 1 ether);
        uint32 second = _submit(2 ether, 2 ether, 4 ether);
        uint256 up = block.timestamp + bound(down, 1, 3 days);
        feed.set(1, block.timestamp + 1);
        vm.warp(up);
        _expectState(second, LedgerTypes.State.Pending);
        feed.set(0, up);
        vm.warp(up + bound(wait, 0, 2 days));
        bool steady = block.timestamp >= up + WINDOW;
        _expectState(second, steady ? LedgerTypes.State.Active : LedgerTypes.State.Pending);
        _expectState(first, LedgerTypes.State.Active); // was claimed against: for ever
        assertEq(_claim(first, BOB, 1 ether), 1 ether, "claims on it never wait");
        if (steady) return;
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerSequencerUnsteady.selector, up + WINDOW));
        vm.prank(PUBLISHER);
        ledger.submit(second, "root", RECEIPTS, 5 ether, "");
        _challenge(second);
    }

    function test_a_feed_without_a_valid_round_counts_as_down() public {
        Uptime feed = _withFeed();
        feed.set(0, 0);
        vm.expectRevert(abi.encodeWithSelector(LedgerTypes.LedgerSequencerUnsteady.selector, type(uint256).max));
        vm.prank(PUBLISHER);
        ledger.submit(0, "root", RECEIPTS, 1 ether, "");
    }

    function _withFeed() private returns (Uptime feed) {
        feed = new Uptime();
        feed.set(0, block.timestamp - 30 days);
        AttributionLedger.Config memory c = _ledgerConfig(token, BOND, STAKE, COURT, GUARDIAN, TREASURY);
        c.uptimeFeed = feed;
        ledger = new AttributionLedger(c);
        _enrich(RICH, 0);
        _enrich(PUBLISHER, 0);
        _enrich(CHALLENGER, 0);
        vm.prank(PUBLISHER);
        ledger.postBond(BOND);
        _fund(10 ether);
    }
}
