// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ModelRegistry} from "../src/ModelRegistry.sol";
import {Std} from "./support/Std.sol";

contract ModelRegistryTest is Std {
    ModelRegistry private registry;
    address private constant OWNER = address(0x3001);
    address private constant STRANGER = address(0x3002);

    function setUp() public {
        vm.warp(1_800_000_000);
        registry = new ModelRegistry(500, 1 days);
    }

    function testFuzz_splits_must_sum_and_leave_the_data_its_part(uint16[5] calldata s) public {
        uint256 sum = uint256(s[0]) + s[1] + s[2] + s[3] + s[4];
        ModelRegistry.Split memory split = ModelRegistry.Split(s[0], s[1], s[2], s[3], s[4]);
        if (sum != 9_500) vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelSplitInvalid.selector, sum, 9_500));
        else if (s[0] < 2_000) vm.expectPartialRevert(ModelRegistry.ModelSplitDataTooLow.selector);
        registry.register(1, 0, split, "");
    }

    function testFuzz_valid_splits_are_kept(uint16 data, uint16 model, uint16 app) public {
        data = uint16(bound(data, 2_000, 9_500));
        model = uint16(bound(model, 0, 9_500 - data));
        app = uint16(bound(app, 0, 9_500 - data - model));
        uint256 id = registry.register(1, 0, ModelRegistry.Split(data, model, app, 9_500 - data - model - app, 0), "");
        ModelRegistry.Split memory kept = registry.splitOf(id);
        assertEq(uint256(kept.data) + kept.model + kept.app + kept.infra + kept.validators, 9_500, "sum");
        assertEq(kept.data, data, "data");
    }

    function test_data_below_the_floor_is_refused() public {
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelSplitDataTooLow.selector, 1_999, 2_000));
        registry.register(1, 0, ModelRegistry.Split(1_999, 7_501, 0, 0, 0), "");
    }

    function test_lineage_points_back_only() public {
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelBaseInvalid.selector, 1, 0));
        registry.register(2, 1, _split(5_000), ""); // its own future id
        uint256 base = _registered(1, 0);
        uint256 child = _registered(2, base);
        assertTrue(base < child, "ids grow");
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelBaseInvalid.selector, base, 1));
        registry.publish(child, _version(1), ""); // the base has no version yet
        registry.publish(base, _version(0), "");
        registry.publish(child, _version(1), "");
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelBaseInvalid.selector, base, 0));
        registry.publish(child, _version(0), "");
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelBaseInvalid.selector, 0, 1));
        registry.publish(base, _version(1), "");
    }

    function test_a_retired_model_is_no_base_and_takes_no_version() public {
        uint256 base = _registered(1, 0);
        vm.startPrank(OWNER);
        registry.setState(base, 2);
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelBaseInvalid.selector, base, 0));
        registry.register(2, base, _split(5_000), "");
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelRetired.selector, base));
        registry.publish(base, _version(0), "");
        registry.setState(base, 1);
        registry.publish(base, _version(0), "");
    }

    function testFuzz_head_is_the_fold_of_versions(bytes32[5] calldata adapters) public {
        uint256 id = _registered(1, 0);
        bytes32 head;
        vm.startPrank(OWNER);
        for (uint32 i; i < 5; ++i) {
            ModelRegistry.Version memory version = _version(0);
            version.adapterHash = adapters[i] == 0 ? bytes32("x") : adapters[i];
            assertEq(registry.publish(id, version, ""), i + 1, "number");
            bytes32 versionHash = keccak256(abi.encode(version));
            assertEq(registry.hashVersion(version), versionHash, "hash");
            head = keccak256(abi.encode(head, versionHash));
        }
        (, uint32 versions,,,, bytes32 head_) = registry.models(id);
        assertEq(head_, head, "head");
        assertEq(versions, 5, "versions");
    }

    function test_register_and_publish_in_one_transaction() public {
        vm.prank(OWNER);
        uint256 id = registry.registerAndPublish(1, 0, _split(4_000), "meta", _version(0), "cid");
        (address owner, uint32 versions,,,,) = registry.models(id);
        assertEq(owner, OWNER, "owner");
        assertEq(versions, 1, "version");
    }

    function testFuzz_a_split_changes_no_sooner_than_the_delay(uint256 wait) public {
        wait = bound(wait, 0, 3 days);
        uint256 id = _registered(1, 0);
        vm.prank(OWNER);
        registry.setSplit(id, _split(3_000));
        vm.warp(block.timestamp + wait);
        assertEq(registry.splitOf(id).data, wait < 1 days ? 5_000 : 3_000, "data");
    }

    function test_a_second_announcement_replaces_a_pending_one_and_keeps_an_effective_one() public {
        uint256 id = _registered(1, 0);
        vm.startPrank(OWNER);
        registry.setSplit(id, _split(3_000));
        vm.warp(block.timestamp + 12 hours);
        registry.setSplit(id, _split(4_000));
        vm.warp(block.timestamp + 23 hours);
        assertEq(registry.splitOf(id).data, 5_000, "the first never held");
        vm.warp(block.timestamp + 1 hours);
        assertEq(registry.splitOf(id).data, 4_000, "the second holds");
        registry.setSplit(id, _split(6_000));
        assertEq(registry.splitOf(id).data, 4_000, "still the second");
        vm.warp(block.timestamp + 1 days);
        assertEq(registry.splitOf(id).data, 6_000, "the third");
    }

    function test_only_the_owner_acts() public {
        uint256 id = _registered(1, 0);
        bytes memory forbidden = abi.encodeWithSelector(ModelRegistry.ModelForbidden.selector, id, STRANGER);
        vm.startPrank(STRANGER);
        vm.expectRevert(forbidden);
        registry.publish(id, _version(0), "");
        vm.expectRevert(forbidden);
        registry.setSplit(id, _split(3_000));
        vm.expectRevert(forbidden);
        registry.setState(id, 2);
        vm.expectRevert(forbidden);
        registry.offerOwnership(id, STRANGER);
        vm.expectRevert(forbidden);
        registry.takeOwnership(id);
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelUnknown.selector, 77));
        registry.publish(77, _version(0), "");
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelUnknown.selector, 77));
        registry.splitOf(77);
    }

    function test_ownership_moves_only_when_taken() public {
        uint256 id = _registered(1, 0);
        vm.prank(OWNER);
        registry.offerOwnership(id, STRANGER);
        vm.prank(STRANGER);
        registry.takeOwnership(id);
        vm.prank(STRANGER);
        registry.publish(id, _version(0), "");
    }

    function test_lineage_has_at_most_four_levels_above() public {
        uint256 base = _registered(1, 0);
        for (uint256 depth = 1; depth <= 4; ++depth) base = _registered(2, base);
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelLineageTooDeep.selector, base));
        registry.register(2, base, _split(5_000), "");
    }

    /// @dev What a child owes is what held when it was published, whatever the base's owner announces before or after.
    function testFuzz_a_royalty_is_frozen_for_each_version(uint16 first, uint16 second, uint256 wait) public {
        first = uint16(bound(first, 0, 5_000));
        second = uint16(bound(second, 0, 5_000));
        wait = bound(wait, 0, 2 days);
        uint256 base = _registered(1, 0);
        vm.startPrank(OWNER);
        registry.setRoyalty(base, first);
        assertEq(registry.royaltyOf(base), first, "no version, no child: at once");
        registry.publish(base, _version(0), "");
        uint256 child = registry.register(2, base, _split(5_000), "");
        registry.publish(child, _version(1), "");
        registry.setRoyalty(base, second);
        vm.warp(block.timestamp + wait);
        registry.publish(child, _version(1), "");
        assertEq(registry.frozenRoyaltyOf(child, 1), first, "first version");
        assertEq(registry.frozenRoyaltyOf(child, 2), wait < 1 days ? first : second, "second version");
        vm.warp(block.timestamp + 30 days);
        assertEq(registry.frozenRoyaltyOf(child, 1), first, "for ever");
        assertEq(registry.royaltyOf(base), second, "for the next child");
    }

    function test_a_second_announcement_of_a_royalty_replaces_a_pending_one() public {
        uint256 id = _registered(1, 0);
        vm.startPrank(OWNER);
        registry.publish(id, _version(0), "");
        registry.setRoyalty(id, 1_000);
        vm.warp(block.timestamp + 23 hours);
        registry.setRoyalty(id, 2_000);
        vm.warp(block.timestamp + 23 hours);
        assertEq(registry.royaltyOf(id), 0, "the first never held");
        vm.warp(block.timestamp + 1 hours);
        assertEq(registry.royaltyOf(id), 2_000, "the second");
    }

    function test_royalties_are_bounded_and_the_owners() public {
        uint256 id = _registered(1, 0);
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelRoyaltyTooHigh.selector, 5_001, 5_000));
        vm.prank(OWNER);
        registry.setRoyalty(id, 5_001);
        vm.expectRevert(abi.encodeWithSelector(ModelRegistry.ModelForbidden.selector, id, STRANGER));
        vm.prank(STRANGER);
        registry.setRoyalty(id, 1);
    }

    function test_configuration_and_input_are_bounded() public {
        vm.expectRevert(ModelRegistry.ModelConfigInvalid.selector);
        new ModelRegistry(1_001, 1 days);
        vm.expectRevert(ModelRegistry.ModelConfigInvalid.selector);
        new ModelRegistry(500, 0);
        vm.expectRevert(ModelRegistry.ModelConfigInvalid.selector);
        registry.register(4, 0, _split(5_000), "");
        uint256 id = _registered(1, 0);
        ModelRegistry.Version memory empty = _version(0);
        empty.adapterHash = 0;
        vm.expectRevert(ModelRegistry.ModelVersionInvalid.selector);
        vm.prank(OWNER);
        registry.publish(id, empty, "");
        vm.expectRevert(ModelRegistry.ModelConfigInvalid.selector);
        vm.prank(OWNER);
        registry.setState(id, 3);
    }

    function _registered(uint8 kind, uint256 base) private returns (uint256) {
        vm.prank(OWNER);
        return registry.register(kind, base, _split(5_000), "");
    }

    function _split(uint16 data) private pure returns (ModelRegistry.Split memory) {
        return ModelRegistry.Split(data, 9_500 - data, 0, 0, 0);
    }

    function _version(uint32 baseVersion) private pure returns (ModelRegistry.Version memory) {
        return ModelRegistry.Version(baseVersion, "heads", "train", "adapter", "eval", "licence");
    }
}
