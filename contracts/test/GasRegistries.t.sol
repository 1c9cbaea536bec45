// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetRegistry} from "../src/DatanetRegistry.sol";
import {Directory} from "../src/Directory.sol";
import {ModelRegistry} from "../src/ModelRegistry.sol";
import {DatanetBook} from "../src/datanets/DatanetBook.sol";
import {GasTable} from "./support/GasTable.sol";

contract GasRegistriesTest is GasTable {
    function setUp() public {
        vm.warp(1_800_000_000);
    }

    function test_gas_registries() public withinTargets {
        DatanetRegistry registry = new DatanetRegistry(new Directory(address(this)), DatanetRegistry(address(0)));
        DatanetBook.Approval[] memory none;
        DatanetBook.Policy memory policy = DatanetBook.Policy(0, 1 hours, 1, 500, 1);
        registry.create(policy, 0, URI);
        registry.create(policy, 0, URI);
        _check("datanet create with policy", 120_000);
        registry.commit(1, "root", 1_000, URI);
        registry.commit(1, "root", 1_000, URI);
        _check("datanet batch commit", 48_000); // protocol.md: 45,000, without a content id in the event
        registry.propose(1, "root", 1_000, URI);
        _report("datanet propose");
        registry.accept(1, 3, none);
        _report("datanet accept");
        ModelRegistry models = new ModelRegistry(500, 1 days);
        models.register(1, 0, ModelRegistry.Split(5_000, 4_500, 0, 0, 0), URI);
        models.register(1, 0, ModelRegistry.Split(5_000, 4_500, 0, 0, 0), URI);
        _check("model register", 82_500); // protocol.md: 80,000, without a content id in the event
        ModelRegistry.Version memory version = ModelRegistry.Version(0, "h", "t", "a", "e", "l");
        models.publish(1, version, URI);
        models.publish(1, version, URI);
        _check("model version", 45_000);
    }
}
