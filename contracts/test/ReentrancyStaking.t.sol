// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {TransientLock} from "../src/lib/TransientLock.sol";
import {DisputeCourt} from "../src/DisputeCourt.sol";
import {EmissionController} from "../src/EmissionController.sol";
import {StakePools} from "../src/StakePools.sol";
import {ValidatorSet} from "../src/ValidatorSet.sol";
import {CourtBase} from "./support/CourtBase.sol";
import {HostileOpen} from "./support/Tokens.sol";

/// @dev Invariant 18: a token that calls back in the middle of a transfer. Each money path called from each money path of
/// the same contract must refuse, and the outer call must come out right.
contract ReentrancyStakingTest is CourtBase {
    uint256 private caseId;

    function _newToken(address holder) internal override returns (IERC20) {
        return new HostileOpen(holder);
    }

    function setUp() public override {
        super.setUp();
        vm.startPrank(RICH);
        pools.stake(POOL, 10 ether, ALICE);
        pools.stake(POOL, 10 ether, BOB);
        pools.reward(POOL, 7 ether, 7 days);
        vm.stopPrank();
        vm.prank(ALICE);
        pools.unbond(POOL, 5 ether);
        vm.warp(block.timestamp + 7 days);
    }

    function testFuzz_pools_are_not_reentered(uint256 outer, uint256 inner, bool before) public {
        _arm(address(pools), _poolCall(inner), before);
        uint256 held = token.balanceOf(address(pools));
        outer = bound(outer, 0, 5);
        if (outer == 0) _as(RICH, address(pools), abi.encodeCall(pools.stake, (POOL, 1 ether, ALICE)));
        else if (outer == 1) _as(RICH, address(pools), abi.encodeCall(pools.reward, (POOL, 1 ether, 1 days)));
        else if (outer == 2) _as(CAROL, address(pools), abi.encodeCall(pools.withdraw, (POOL, ALICE)));
        else if (outer == 3) _as(CAROL, address(pools), abi.encodeCall(pools.harvest, (POOL, ALICE)));
        else if (outer == 4) _as(court, address(pools), abi.encodeCall(pools.slash, (POOL, 1_000, TREASURY, 0)));
        else _as(court, address(pools), abi.encodeCall(pools.slashAccount, (POOL, BOB, 1_000, TREASURY, 0)));
        _refused();
        uint256 moved = outer < 2 ? token.balanceOf(address(pools)) - held : held - token.balanceOf(address(pools));
        uint256[6] memory expected = [uint256(1 ether), 1 ether, 5 ether, 7 ether, 2 ether, 1 ether];
        expected[3] = uint256(7 ether) / 3; // ALICE had 5 of 15 at stake; a slash takes a tenth of 15 and 5 unbonding
        assertLe(moved, expected[outer], "once");
        assertLe(expected[outer], moved + 1e9, "and whole");
    }

    function testFuzz_validators_are_not_reentered(uint256 outer, bool before) public {
        address[] memory asked = new address[](1);
        asked[0] = _validator(0);
        bytes memory distribute = abi.encodeCall(set.distribute, (_validator(0), 1));
        bytes memory request = abi.encodeCall(set.request, ("subject", asked, 1));
        _arm(address(set), outer % 2 == 0 ? request : distribute, before);
        _as(RICH, address(set), outer % 2 == 0 ? distribute : request);
        _refused();
    }

    function testFuzz_the_court_is_not_reentered(bool opening, bool before) public {
        uint256 id = _openPool();
        _decide(id, _no);
        vm.warp(block.timestamp + 1 days);
        bench.close(id);
        for (uint256 i; i < 5; ++i) if (_seatsOf(id, 1, _validator(i)) != 0) caseId = i;
        bench.payJuror(id, 1, _validator(caseId));
        bytes memory withdraw = abi.encodeCall(bench.withdraw, (_validator(caseId)));
        bytes memory open = abi.encodeCall(bench.openPool, (POOL, 1, COMMITMENT, ""));
        _arm(court, withdraw, before);
        _as(RICH, court, opening ? open : withdraw);
        _refused();
    }

    function testFuzz_emissions_are_not_reentered(bool before) public {
        EmissionController controller = new EmissionController(token, directory, params, pools, 1 ether, 0);
        _enrich(RICH, address(controller));
        _arm(address(controller), abi.encodeCall(controller.fund, (1)), before);
        _as(RICH, address(controller), abi.encodeCall(controller.fund, (1 ether)));
        _refused();
        assertEq(controller.funded(), 1 ether, "once");
    }

    function _poolCall(uint256 inner) private view returns (bytes memory) {
        inner = bound(inner, 0, 6);
        if (inner == 0) return abi.encodeCall(pools.stake, (POOL, 1, ALICE));
        if (inner == 1) return abi.encodeCall(pools.reward, (POOL, 1, 1 days));
        if (inner == 2) return abi.encodeCall(pools.withdraw, (POOL, ALICE));
        if (inner == 3) return abi.encodeCall(pools.harvest, (POOL, BOB));
        if (inner == 4) return abi.encodeCall(pools.sweep, (POOL));
        if (inner == 5) return abi.encodeCall(pools.unbond, (POOL, 1));
        return abi.encodeCall(pools.harvest, (POOL, ALICE));
    }

    function _arm(address target, bytes memory data, bool before) private {
        HostileOpen(address(token)).arm(target, data, before);
    }

    function _as(address who, address target, bytes memory data) private {
        vm.prank(who);
        (bool ok,) = target.call(data);
        assertTrue(ok, "the outer call succeeds");
    }

    function _refused() private view {
        HostileOpen hostile = HostileOpen(address(token));
        assertTrue(hostile.attempted(), "the token called back");
        assertTrue(!hostile.succeeded(), "and was refused");
        assertEq(
            bytes32(bytes4(hostile.result())),
            bytes32(TransientLock.ReentrancyGuardReentrantCall.selector),
            "by the guard"
        );
    }
}
