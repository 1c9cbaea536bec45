// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {PoolBase} from "./support/PoolBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Whole transactions with a plain ERC-20, in a pool with stakers and a running stream.
contract GasStakingTest is PoolBase {
    event log_named_uint(string what, uint256 value);

    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function test_gas_staking() public {
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

    function _check(string memory what, uint256 target) private {
        uint256 used = vm.lastCallGas().gasTotalUsed;
        emit log_named_uint(what, used);
        assertLe(used, target, what);
    }
}
