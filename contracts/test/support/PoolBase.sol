// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Directory} from "../../src/Directory.sol";
import {Params} from "../../src/Params.sol";
import {StakePools} from "../../src/StakePools.sol";
import {ParamKeys} from "../../src/lib/ParamKeys.sol";
import {PoolIds} from "../../src/lib/PoolIds.sol";
import {Std} from "./Std.sol";

/// @dev An address with code, as Directory asks of whoever plays a part. Tests speak in its name.
contract Role {}

/// @dev Pools over any token with a real Directory and real Params, and four stakers with money.
abstract contract PoolBase is Std {
    IERC20 internal token;
    Directory internal directory;
    Params internal params;
    StakePools internal pools;
    address internal court;
    address internal validatorSet;
    address internal registry;
    address internal emissions;
    address internal constant FAST = address(0x7001);
    address internal constant GUARDIAN = address(0x7002);
    address internal constant TREASURY = address(0x7003);
    address internal constant RICH = address(0x7004);
    address internal constant ALICE = address(0x7101);
    address internal constant BOB = address(0x7102);
    address internal constant CAROL = address(0x7103);
    bytes32 internal constant POOL = bytes32((uint256(PoolIds.DATANET) << 248) | 7);

    function _newToken(address holder) internal virtual returns (IERC20);

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = _newToken(RICH);
        directory = new Directory(address(this));
        params = new Params(FAST, 1);
        pools = new StakePools(token, directory, params, GUARDIAN);
        court = _role("DisputeCourt");
        validatorSet = _role("ValidatorSet");
        registry = _role("DatanetRegistry");
        emissions = _role("EmissionController");
        directory.set(keccak256("Treasury"), TREASURY);
        address[6] memory holders = [ALICE, BOB, CAROL, RICH, emissions, court];
        for (uint256 i; i < holders.length; ++i) _enrich(holders[i], address(pools));
    }

    function _role(string memory name) internal returns (address role) {
        role = address(new Role());
        directory.set(keccak256(bytes(name)), role);
    }

    function _enrich(address who, address spender) internal {
        if (who != RICH) {
            vm.prank(RICH);
            token.transfer(who, 1e25);
        }
        vm.prank(who);
        token.approve(spender, type(uint256).max);
    }

    function _set(bytes32 key, uint256 value) internal {
        vm.prank(FAST);
        params.set(key, value, 0);
        vm.warp(block.timestamp + 1 days);
    }

    function _stake(address who, uint96 amount) internal {
        vm.prank(who);
        pools.stake(POOL, amount, who);
    }

    function _unbond(address who, uint128 shares) internal {
        vm.prank(who);
        pools.unbond(POOL, shares);
    }

    function _reward(uint96 amount, uint40 duration) internal {
        vm.prank(RICH);
        pools.reward(POOL, amount, duration);
    }

    function _slash(uint256 bps) internal returns (uint96) {
        vm.prank(court);
        return pools.slash(POOL, bps, TREASURY, "fault");
    }

    function _slashAccount(address who, uint256 bps) internal returns (uint96) {
        vm.prank(registry);
        return pools.slashAccount(POOL, who, bps, TREASURY, "duplicate");
    }

    function _sharesOf(address who) internal view returns (uint128 shares) {
        (shares,,) = pools.positions(POOL, who);
    }

    function _index() internal view returns (uint128 index) {
        (,, index,,,,,,) = pools.pools(POOL);
    }

    function _stream() internal view returns (uint128 rate, uint40 end, uint128 idle) {
        (,,, rate,,, end,, idle) = pools.pools(POOL);
    }
}
