// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {CourtBase} from "./support/CourtBase.sol";
import {GasTable} from "./support/GasTable.sol";
import {PoolBase} from "./support/PoolBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Whole transactions with a plain ERC-20, in a pool with stakers and a running stream.
contract GasStakingTest is GasTable, PoolBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function test_gas_staking() public withinTargets {
        _stake(ALICE, 10 ether);
        _reward(70 ether, 7 days);
        vm.warp(block.timestamp + 1 days);
        _stake(BOB, 10 ether);
        _check("stake, first", 129_000);
        vm.warp(block.timestamp + 1 days);
        _stake(BOB, 10 ether);
        _check("stake, again", 129_000);
        pools.harvest(POOL, ALICE);
        _check("harvest", 63_000);
        _unbond(ALICE, 5 ether);
        _check("unbond", 150_000);
        _slash(1_000);
        _check("slash, any number of stakers", 160_000);
        vm.warp(block.timestamp + 7 days);
        pools.withdraw(POOL, ALICE);
        _check("withdraw", 63_000);
    }
}

/// @dev The court's costs do not grow with the number of validators: a draw walks ten levels for each seat.
contract GasCourtTest is GasTable, CourtBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function test_gas_court() public withinTargets {
        vm.prank(RICH);
        pools.stake(_poolOf(0), 1 ether, BOB);
        set.sync(_validator(0));
        _check("validator sync", 150_000);
        uint256 id = _openPool();
        _check("open a case", 400_000);
        address juror = _draw(id)[0];
        _check("draw a jury of 7", 900_000);
        bytes32 commitment = bench.commitmentOf(id, 1, juror, true, SALT);
        vm.prank(juror);
        bench.vote(id, commitment);
        _check("vote", 80_000);
        vm.warp(block.timestamp + 1 days);
        vm.prank(juror);
        bench.reveal(id, true, SALT);
        _check("reveal", 120_000);
    }
}
