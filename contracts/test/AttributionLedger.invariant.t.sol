// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {LedgerHandler} from "./support/LedgerHandler.sol";
import {LedgerSetup} from "./support/LedgerSetup.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Invariants 1 to 5 of the protocol, after any sequence of honest and dishonest calls.
contract AttributionLedgerInvariantTest is LedgerSetup {
    IERC20 private token;
    AttributionLedger private ledger;
    LedgerHandler private handler;
    address private constant COURT = address(0xc001);
    address private constant GUARDIAN = address(0xc002);

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new PlainOpen(address(this));
        ledger = _newLedger(token, 10 ether + 1, 1 ether + 1, COURT, GUARDIAN, address(0xc003));
        handler = new LedgerHandler(token, ledger, COURT, GUARDIAN);
        for (uint256 i; i < 4; ++i) {
            address who = handler.bonded(i);
            token.transfer(who, 1e26);
            vm.startPrank(who);
            token.approve(address(ledger), type(uint256).max);
            ledger.postBond(1_000 ether);
            vm.stopPrank();
        }
        handler.fund(1e20);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev 1: equality, to the wei.
    function invariant_1_solvent() public view {
        (uint96 funded, uint96 claimed,,) = ledger.totals();
        uint256 bonds;
        for (uint256 i; i < 4; ++i) {
            (uint96 bond,) = ledger.bonds(handler.bonded(i));
            bonds += bond;
        }
        for (uint32 id = 1; id <= handler.lastId(); ++id) {
            (, uint96 bond,) = ledger.disputes(id);
            bonds += bond;
        }
        assertEq(token.balanceOf(address(ledger)), uint256(funded) - claimed + bonds, "balance");
    }

    /// @dev 2: what was claimed is within the newest active total, which is within what was funded.
    function invariant_2_claimed_within_total_within_funded() public view {
        (uint96 funded, uint96 claimed,,) = ledger.totals();
        (, uint96 total,,,,,,) = ledger.epochs(ledger.claimableEpoch());
        assertLe(claimed, total, "claimed <= total");
        assertLe(total, funded, "total <= funded");
    }

    /// @dev 3: what an account received is what the ledger says, and never more than an active leaf of its own.
    function invariant_3_never_twice() public view {
        uint256 sum;
        for (uint256 i; i < 4; ++i) {
            (uint96 claimed,) = ledger.accounts(handler.earner(i));
            assertEq(token.balanceOf(handler.earner(i)), claimed, "received = recorded");
            assertEq(handler.paid(handler.earner(i)), claimed, "paid = recorded");
            uint256 best;
            for (uint32 id = 1; id <= handler.lastId(); ++id) {
                if (handler.wasActive(id) && handler.leafOf(id, i) > best) best = handler.leafOf(id, i);
            }
            assertLe(claimed, best, "within an active leaf");
            sum += claimed;
        }
        (, uint96 all,,) = ledger.totals();
        assertEq(sum, all, "sum of accounts");
        assertTrue(!handler.overpaid(), "overpaid");
    }

    /// @dev 4: totals of live epochs never fall, times never fall, revoked epochs leave no gap in the chain of `prev`.
    function invariant_4_live_epochs_form_one_growing_chain() public view {
        uint32 id = ledger.headEpoch();
        uint256 live;
        while (id != 0) {
            (, uint96 total, uint40 activeAt, uint8 status, uint32 prev,,,) = ledger.epochs(id);
            assertEq(status, 1, "live");
            assertTrue(prev < id, "older");
            (, uint96 prevTotal, uint40 prevActiveAt,,,,,) = ledger.epochs(prev);
            assertLe(prevTotal, total, "total grows");
            assertLe(prevActiveAt, activeAt, "time grows");
            ++live;
            id = prev;
        }
        uint256 counted;
        uint256 pending;
        for (id = 1; id <= handler.lastId(); ++id) {
            LedgerTypes.State state = ledger.stateOf(id);
            if (state != LedgerTypes.State.Revoked) ++counted;
            if (state == LedgerTypes.State.Pending || state == LedgerTypes.State.Frozen) ++pending;
            assertEq(totalOfEpoch(id), handler.totalOf(id), "total as submitted");
        }
        assertEq(live, counted, "every live epoch is in the chain");
        assertLe(pending, ledger.MAX_PENDING(), "bounded");
    }

    /// @dev 5: no claim on pending, frozen or revoked; and what was once active is active for ever.
    function invariant_5_only_and_always_active_epochs_pay() public view {
        assertTrue(!handler.claimedInactive(), "claimed inactive");
        for (uint32 id = 1; id <= handler.lastId(); ++id) {
            if (handler.wasActive(id)) {
                assertEq(uint256(ledger.stateOf(id)), uint256(LedgerTypes.State.Active), "still active");
            }
        }
    }

    function invariant_6_frozen_from_is_the_lowest_open_dispute() public view {
        uint32 lowest;
        for (uint32 id = handler.lastId(); id >= 1; --id) {
            (address challenger,,) = ledger.disputes(id);
            if (challenger == address(0)) continue;
            lowest = id;
            assertEq(uint256(ledger.stateOf(id)), uint256(LedgerTypes.State.Frozen), "disputed is frozen");
        }
        (,,, uint32 frozenFrom) = ledger.totals();
        assertEq(frozenFrom, lowest, "frozenFrom");
        assertTrue(!handler.bondLeftUnderDispute(), "bond of a pending epoch was withdrawn");
    }

    function totalOfEpoch(uint32 id) public view returns (uint96 total) {
        (, total,,,,,,) = ledger.epochs(id);
    }
}
