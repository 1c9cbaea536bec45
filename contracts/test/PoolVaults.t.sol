// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {OpenToken} from "../src/OpenToken.sol";
import {PoolVaults} from "../src/PoolVaults.sol";
import {StakePools} from "../src/StakePools.sol";
import {PoolIds} from "../src/lib/PoolIds.sol";
import {PoolBase} from "./support/PoolBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

abstract contract PoolVaultsSuite is PoolBase {
    PoolVaults internal vaults;
    bytes32 internal constant OTHER = bytes32((uint256(PoolIds.DATANET) << 248) | 8);

    function setUp() public override {
        super.setUp();
        vaults = new PoolVaults(token, params, pools);
    }

    function _pay(bytes32 pool, uint96 amount) internal {
        address vault = vaults.vaultOf(pool);
        vm.prank(RICH);
        token.transfer(vault, amount);
    }

    function testFuzz_pays_the_stakers_of_its_own_pool(uint96 first, uint96 second) public {
        (first, second) = (1e6 + first % 1e24, 1e6 + second % 1e24);
        _stake(ALICE, 100 ether);
        _pay(POOL, first);
        _pay(OTHER, second);
        assertEq(vaults.vaultOf(POOL).code.length, 0, "paid before it exists");
        vm.prank(BOB);
        assertEq(vaults.collect(POOL), first, "all of it, whoever calls");
        assertEq(token.balanceOf(vaults.vaultOf(POOL)), 0, "nothing stays");
        assertEq(token.balanceOf(address(vaults)), 0, "nor here");
        assertEq(token.balanceOf(vaults.vaultOf(OTHER)), second, "the other pool's is its own");
        vm.warp(block.timestamp + 7 days);
        uint256 earned = pools.rewardOf(POOL, ALICE);
        assertLe(earned, first, "not more");
        assertLe(first - earned, 1e6, "streamed in seven days, but for the rounding of the rate");
    }

    function test_collects_again_through_the_same_vault() public {
        _stake(ALICE, 1 ether);
        address vault = vaults.vaultOf(POOL);
        _pay(POOL, 1 ether);
        vaults.collect(POOL);
        assertTrue(vault.code.length != 0, "exists now");
        _pay(POOL, 2 ether);
        assertEq(vaults.collect(POOL), 2 ether, "second");
        vm.expectRevert(abi.encodeWithSelector(PoolVaults.VaultEmpty.selector, POOL));
        vaults.collect(POOL);
    }

    function test_a_pool_without_stakers_keeps_it_for_the_first() public {
        _pay(POOL, 7 ether);
        vaults.collect(POOL);
        vm.warp(block.timestamp + 30 days);
        _stake(ALICE, 1 ether);
        vm.warp(block.timestamp + 30 days);
        assertLe(7 ether - 1e6, pools.rewardOf(POOL, ALICE), "streamed anew");
    }

    function test_an_unknown_pool_takes_nothing_and_the_vault_keeps_it() public {
        bytes32 unknown = bytes32(uint256(9) << 248);
        _pay(unknown, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(StakePools.PoolUnknown.selector, unknown));
        vaults.collect(unknown);
        assertEq(token.balanceOf(vaults.vaultOf(unknown)), 1 ether, "kept");
    }

    function test_the_vault_answers_to_its_maker_only() public {
        _stake(ALICE, 1 ether);
        _pay(POOL, 1 ether);
        vaults.collect(POOL);
        _pay(POOL, 1 ether);
        address vault = vaults.vaultOf(POOL);
        assertEq(token.allowance(vault, address(vaults)), type(uint256).max, "its maker");
        vm.prank(BOB);
        vm.expectRevert();
        token.transferFrom(vault, BOB, 1);
    }
}

contract PoolVaultsTest is PoolVaultsSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new OpenToken(holder);
    }
}

contract PoolVaultsPlainTest is PoolVaultsSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }
}
