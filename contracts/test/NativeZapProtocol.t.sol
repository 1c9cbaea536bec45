// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {Directory} from "../src/Directory.sol";
import {GovernanceOpen} from "../src/GovernanceOpen.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {IZapChannels, IZapLedger, IZapPools, NativeZap} from "../src/NativeZap.sol";
import {Params} from "../src/Params.sol";
import {StakePools} from "../src/StakePools.sol";
import {WrappedOpen} from "../src/WrappedOpen.sol";
import {PoolIds} from "../src/lib/PoolIds.sol";
import {LedgerSetup} from "./support/LedgerSetup.sol";

/// @dev The zap with the contracts that it is for, on a chain whose coin is OPEN.
contract NativeZapProtocolTest is LedgerSetup {
    address private constant USER = address(0x5001);
    address private constant COURT = address(0x5003);
    WrappedOpen private wopen;
    GovernanceOpen private gopen;
    InferenceChannels private channels;
    StakePools private pools;
    AttributionLedger private ledger;
    NativeZap private zap;

    function setUp() public {
        vm.warp(1_800_000_000);
        wopen = new WrappedOpen();
        gopen = new GovernanceOpen(wopen);
        ledger = _newLedger(wopen, 1 ether, 1 ether, COURT, address(1), address(2));
        Directory directory = Directory(address(ledger.directory()));
        channels = new InferenceChannels(wopen, address(1), directory);
        pools = new StakePools(wopen, directory, new Params(address(1), 1), address(1));
        zap = new NativeZap(
            wopen, IZapChannels(address(channels)), IZapPools(address(pools)), IZapLedger(address(ledger)), gopen
        );
        Address.sendValue(payable(USER), 100 ether);
    }

    function testFuzz_each_way_in_costs_what_was_sent(uint96 value) public {
        value = uint96(bound(value, 1, 20 ether));
        vm.startPrank(USER);
        bytes32 id = zap.openChannel{value: value}(address(9), address(0), 1 hours, "salt");
        zap.depositChannel{value: value}(id);
        zap.fund{value: value}("ref");
        zap.wrapVotes{value: value}();
        vm.stopPrank();
        assertEq(wopen.balanceOf(address(channels)), 2 * uint256(value), "channel");
        assertEq(wopen.balanceOf(address(ledger)), value, "ledger");
        assertEq(gopen.balanceOf(USER), value, "votes");
        assertEq(USER.balance, 100 ether - 4 * uint256(value), "no more than was sent");
        assertEq(wopen.balanceOf(address(zap)) + address(zap).balance, 0, "nothing stays");
    }

    function test_the_caller_is_payer_and_takes_the_money_back_as_wopen() public {
        vm.startPrank(USER);
        bytes32 id = zap.openChannel{value: 5 ether}(address(9), address(0), 1 hours, "salt");
        assertEq(id, channels.channelId(USER, address(9), USER, 1 hours, "salt"), "the caller's channel");
        channels.requestWithdraw(id, 5 ether);
        vm.warp(block.timestamp + 1 hours);
        channels.withdraw(id);
        wopen.withdraw(5 ether);
        vm.stopPrank();
        assertEq(USER.balance, 100 ether, "all back");
    }

    function test_stake_belongs_to_the_caller() public {
        bytes32 pool = PoolIds.validator(USER);
        vm.prank(USER);
        zap.stake{value: 7 ether}(pool);
        assertEq(pools.stakeOf(pool, USER), 7 ether, "staked");
    }
}
