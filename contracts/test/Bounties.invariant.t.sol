// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bounties} from "../src/Bounties.sol";
import {BountyHandler} from "./support/BountyHandler.sol";
import {Std} from "./support/Std.sol";

/// @dev After any history: the escrow holds what it owes, to the wei, and afterwards everybody leaves and it is empty.
contract BountiesInvariantTest is Std {
    BountyHandler private handler;
    Bounties private bounties;

    function setUp() public {
        handler = new BountyHandler();
        handler.begin();
        bounties = handler.escrow();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_what_is_owed_is_held_to_the_wei() public view {
        uint256 owed;
        for (uint256 id = 1; id <= handler.count(); ++id) {
            uint256 here = _owed(id);
            assertEq(here, handler.paidIn(id) - handler.paidOut(id), "each bounty for itself");
            owed += here;
        }
        assertEq(owed, handler.held(), "all");
    }

    function invariant_exits_are_open_and_nothing_is_paid_twice() public view {
        assertTrue(bytes(handler.broken()).length == 0, handler.broken());
        for (uint256 id = 1; id <= handler.count(); ++id) {
            for (uint256 i; i < 3; ++i) {
                address sponsor = handler.sponsorAt(i);
                assertLe(handler.back(id, sponsor), handler.given(id, sponsor), "nobody takes back more than they gave");
            }
        }
    }

    /// @dev Whatever happened, the money leaves: to those whom awards name, and to those who gave it.
    function afterInvariant() external {
        vm.warp(block.timestamp + 60 days);
        for (uint256 id = 1; id <= handler.count(); ++id) {
            for (uint256 award = 1; award <= bounties.bounties(id).awards; ++award) {
                (,,,, bool paid) = bounties.awards(id, award);
                if (!paid) bounties.pay(id, award, handler.payeesOf(id, award));
            }
            for (uint256 i; i < 4; ++i) {
                address sponsor = i == 3 ? address(handler) : handler.sponsorAt(i);
                (uint96 amount, bool refunded) = bounties.gifts(id, sponsor);
                if (amount != 0 && !refunded) bounties.refund(id, sponsor);
            }
        }
        assertEq(handler.held(), 0, "nothing stays");
    }

    function _owed(uint256 id) private view returns (uint256 owed) {
        Bounties.Bounty memory b = bounties.bounties(id);
        owed = b.left;
        for (uint256 award = 1; award <= b.awards; ++award) {
            (, uint96 sum, uint96 objected,, bool paid) = bounties.awards(id, award);
            if (!paid) owed += sum - objected;
        }
    }
}
