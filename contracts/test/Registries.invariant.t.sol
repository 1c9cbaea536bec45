// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {Directory} from "../src/Directory.sol";
import {Params} from "../src/Params.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {DatanetHandler} from "./support/DatanetHandler.sol";
import {Std} from "./support/Std.sol";

/// @dev Invariant 14: a head is the fold of the accepted batches and of nothing else, and versions only grow.
contract DatanetRegistryInvariantTest is Std {
    DatanetRegistry private registry;
    DatanetHandler private handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        registry = new DatanetRegistry(new Directory(address(this)), DatanetRegistry(address(0)));
        handler = new DatanetHandler(registry);
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_a_head_is_the_fold_of_accepted_batches() public view {
        for (uint256 id = 1; id <= 3; ++id) {
            (, uint64 records, uint16 version,,, bytes32 head) = registry.datanets(id);
            assertEq(head, handler.head(id), "head");
            assertEq(version, handler.versions(id), "version");
            assertEq(records, handler.records(id), "records");
            assertLe(version, registry.batchCount(id), "no version without its batch");
        }
        assertTrue(!handler.decidedTwice(), "a batch is decided once");
    }

    function invariant_a_quorum_can_be_reached() public view {
        for (uint256 id = 1; id <= 3; ++id) {
            assertEq(registry.curatorCount(id), handler.curatorsOf(id), "counted");
            assertLe(registry.policies(id).curatorQuorum, registry.curatorCount(id), "reachable");
        }
    }
}

/// @dev Sets the two parameters at random, now and for later epochs.
contract FeeHandler is Std {
    Params public immutable params;
    uint256 public changes;

    constructor() {
        params = new Params(address(this), 1);
    }

    function setFee(uint256 bps, uint256 later) external {
        params.set(ParamKeys.PROTOCOL_FEE_BPS, bps % 1_001, params.epoch() + later % 6);
        ++changes;
    }

    function setMatch(uint256 bps, uint256 later) external {
        params.set(ParamKeys.MATCH_BPS, bps % 1_001, params.epoch() + later % 6);
        ++changes;
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + time % 3 days);
    }
}

/// @dev Invariant 13: at no time, now or in what is announced, is more matched than was paid as fee.
contract ParamsInvariantTest is Std {
    FeeHandler private handler;

    function setUp() public {
        vm.warp(1_800_000_000);
        handler = new FeeHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_the_match_is_at_most_the_fee() public {
        Params params = handler.params();
        uint256 time = block.timestamp;
        for (uint256 ahead; ahead < 7; ++ahead) {
            vm.warp(time + ahead * 1 days);
            uint256 matchBps = params.valueOf(ParamKeys.MATCH_BPS);
            assertLe(matchBps, params.valueOf(ParamKeys.PROTOCOL_FEE_BPS), "match within fee");
        }
        vm.warp(time);
    }
}
