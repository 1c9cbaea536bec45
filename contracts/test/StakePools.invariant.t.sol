// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PoolBase} from "./support/PoolBase.sol";
import {PoolHandler} from "./support/PoolHandler.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Invariants 8, 9 and 10 of the protocol, after any sequence of calls.
contract StakePoolsInvariantTest is PoolBase {
    PoolHandler private handler;

    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function setUp() public override {
        super.setUp();
        handler = new PoolHandler(token, pools, court, registry);
        vm.prank(RICH);
        token.transfer(address(handler), 9e26);
        handler.stake(0, 0, 1e20);
        handler.stake(0, 1, 7);
        handler.stake(1, 2, 1e18 + 1);
        handler.reward(0, 1e20, 30 days);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev 8: what is owed is in the balance, and what is in the balance beyond it is dust.
    function invariant_8_owed_is_held() public view {
        uint256 owed;
        for (uint256 i; i < 2; ++i) owed += _liability(handler.poolAt(i));
        uint256 held = token.balanceOf(address(pools)) - handler.donated();
        assertLe(owed, held, "owed <= held");
        assertLe(held, owed + 4 * handler.operations() + 40, "only dust stays");
        assertEq(held, handler.paidIn() - handler.paidOut(), "nothing else moved");
    }

    /// @dev 9 and 10, and: nobody who may leave was refused, no stream slowed, nobody paid for another's own fault.
    function invariant_9_10_slashes_are_bounded_and_the_index_only_falls() public view {
        assertTrue(!handler.indexRose(), "index rose");
        assertTrue(!handler.overSlashed(), "slashed more than bps");
        assertTrue(bytes(handler.broken()).length == 0, handler.broken());
    }

    /// @dev 8: after any history everybody leaves, in any order, and gets what the views promise.
    function afterInvariant() external {
        bool reverse = handler.operations() % 2 == 0;
        for (uint256 n; n < 2 * handler.ACTORS(); ++n) {
            uint256 i = reverse ? 2 * handler.ACTORS() - 1 - n : n;
            (bytes32 pool, address who) = (handler.poolAt(i), handler.actor(i / 2));
            (uint128 shares,,) = pools.positions(pool, who);
            if (shares == 0) continue;
            vm.prank(who);
            pools.unbond(pool, shares);
        }
        vm.warp(block.timestamp + 400 days);
        for (uint256 n; n < 2 * handler.ACTORS(); ++n) {
            uint256 i = reverse ? 2 * handler.ACTORS() - 1 - n : n;
            _exit(handler.poolAt(i), handler.actor(i / 2));
        }
        for (uint256 i; i < 2; ++i) assertEq(pools.stakedIn(handler.poolAt(i)), 0, "all left");
    }

    function _exit(bytes32 pool, address who) private {
        uint256 before = token.balanceOf(who);
        uint256 promised = uint256(pools.unbondingOf(pool, who)) + pools.rewardOf(pool, who);
        (uint128 unbonding,,) = pools.unbonds(pool, who);
        if (unbonding != 0) pools.withdraw(pool, who);
        if (pools.rewardOf(pool, who) != 0) pools.harvest(pool, who);
        assertEq(token.balanceOf(who) - before, promised, "as promised");
    }

    function _liability(bytes32 pool) private view returns (uint256 sum) {
        for (uint256 i; i < handler.ACTORS(); ++i) {
            address who = handler.actor(i);
            sum += uint256(pools.stakeOf(pool, who)) + pools.unbondingOf(pool, who) + pools.rewardOf(pool, who);
        }
        (uint128 shares,,, uint128 rate,, uint40 last, uint40 end,, uint128 idle) = pools.pools(pool);
        sum += idle;
        // Not yet accrued and streamed to nobody, or still to be streamed.
        uint256 from = shares == 0 ? last : block.timestamp;
        if (end > from) sum += uint256(rate) * (end - from) / 1e9;
    }
}
