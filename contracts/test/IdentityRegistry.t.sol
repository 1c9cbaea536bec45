// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Directory} from "../src/Directory.sol";
import {IdentityRegistry} from "../src/IdentityRegistry.sol";
import {AgentIdentity} from "../src/identity/AgentIdentity.sol";
import {Std} from "./support/Std.sol";

/// @dev Consents to one digest, and owns agents: it takes tokens only when told to.
contract AgentAccount is IERC1271 {
    bytes32 public accepted;
    bool private immutable _takes;

    constructor(bool takes) {
        _takes = takes;
    }

    function accept(bytes32 digest) external {
        accepted = digest;
    }

    function isValidSignature(bytes32 hash, bytes calldata) external view returns (bytes4) {
        return hash == accepted ? IERC1271.isValidSignature.selector : bytes4(0);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external view returns (bytes4) {
        return _takes ? this.onERC721Received.selector : bytes4(0);
    }

    function register(IdentityRegistry registry) external returns (uint256) {
        return registry.register();
    }
}

contract IdentityRegistryTest is Std {
    IdentityRegistry private registry;
    address private constant OWNER = address(0x5001);
    address private constant NEXT = address(0x5002);
    address private constant STRANGER = address(0x5003);
    address private constant PAYOUT = address(0x5004);
    uint256 private constant WALLET = 0xa11e7;

    function setUp() public {
        vm.warp(1_800_000_000);
        registry = new IdentityRegistry(new Directory(address(this)));
    }

    function test_agents_are_numbered_from_one_and_speak_through_their_owners_wallet() public {
        vm.startPrank(OWNER);
        assertEq(registry.register(), 1, "first");
        assertEq(registry.register("ipfs://agent"), 2, "second");
        AgentIdentity.MetadataEntry[] memory entries = new AgentIdentity.MetadataEntry[](1);
        entries[0] = AgentIdentity.MetadataEntry("colour", "blue");
        assertEq(registry.register("ipfs://third", entries), 3, "third");
        assertEq(registry.agentCount(), 3, "count");
        assertEq(registry.ownerOf(2), OWNER, "owner");
        assertEq(registry.getAgentWallet(2), OWNER, "wallet");
        assertSame(bytes(registry.tokenURI(2)), "ipfs://agent");
        assertSame(bytes(registry.tokenURI(1)), "");
        assertSame(registry.getMetadata(3, "colour"), "blue");
        assertSame(registry.getMetadata(3, "agentWallet"), abi.encodePacked(OWNER));
    }

    function test_a_contract_that_cannot_hold_agents_gets_none() public {
        AgentAccount deaf = new AgentAccount(false);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(deaf)));
        deaf.register(registry);
        assertEq(new AgentAccount(true).register(registry), 1, "taken");
    }

    function test_operators_edit_and_strangers_do_not() public {
        uint256 id = _registered();
        bytes memory forbidden = abi.encodeWithSelector(AgentIdentity.AgentForbidden.selector, id, STRANGER);
        vm.startPrank(STRANGER);
        vm.expectRevert(forbidden);
        registry.setAgentURI(id, "x");
        vm.expectRevert(forbidden);
        registry.setMetadata(id, "k", "v");
        vm.expectRevert(forbidden);
        registry.unsetAgentWallet(id);
        vm.expectRevert(forbidden);
        registry.setAgentWallet(id, STRANGER, block.timestamp, "");
        vm.expectRevert(forbidden);
        registry.setPayout(id, STRANGER);
        vm.stopPrank();
        vm.prank(OWNER);
        registry.approve(STRANGER, id);
        vm.startPrank(STRANGER);
        registry.setAgentURI(id, "ipfs://new");
        registry.setMetadata(id, "k", "v");
        assertSame(bytes(registry.tokenURI(id)), "ipfs://new");
        assertSame(registry.getMetadata(id, "k"), "v");
        vm.expectRevert(forbidden); // money is the owner's own
        registry.setPayout(id, STRANGER);
    }

    function test_keys_that_the_registry_vouches_for_are_reserved() public {
        uint256 id = _registered();
        string[3] memory keys = ["agentWallet", "kind", "payout"];
        AgentIdentity.MetadataEntry[] memory entries = new AgentIdentity.MetadataEntry[](1);
        vm.startPrank(OWNER);
        for (uint256 i; i < 3; ++i) {
            bytes memory reserved = abi.encodeWithSelector(AgentIdentity.AgentKeyReserved.selector, keys[i]);
            vm.expectRevert(reserved);
            registry.setMetadata(id, keys[i], "x");
            entries[0] = AgentIdentity.MetadataEntry(keys[i], "x");
            vm.expectRevert(reserved);
            registry.register("", entries);
        }
    }

    function test_an_app_is_an_agent_with_a_payout() public {
        vm.startPrank(OWNER);
        uint256 id = registry.registerApp("ipfs://app", PAYOUT);
        assertEq(registry.payoutOf(id), PAYOUT, "payout");
        assertSame(registry.getMetadata(id, "kind"), "app");
        assertSame(registry.getMetadata(id, "payout"), abi.encodePacked(PAYOUT));
        registry.setPayout(id, NEXT);
        assertEq(registry.payoutOf(id), NEXT, "changed");
        vm.expectRevert(AgentIdentity.AgentPayoutInvalid.selector);
        registry.setPayout(id, address(0));
        uint256 agent = registry.register();
        assertEq(registry.payoutOf(agent), address(0), "no app");
        registry.setPayout(agent, PAYOUT);
        assertSame(registry.getMetadata(agent, "kind"), "app");
    }

    function testFuzz_a_wallet_is_bound_by_its_own_signature(uint256 key, uint256 ahead) public {
        key = bound(key, 1, 1e60);
        ahead = bound(ahead, 0, 10 minutes);
        uint256 id = _registered();
        uint256 deadline = block.timestamp + ahead;
        bytes memory signature = signLong(key, registry.agentWalletDigest(id, vm.addr(key), OWNER, deadline));
        bool tooFar = ahead > 5 minutes;
        bytes memory invalid = abi.encodeWithSelector(AgentIdentity.AgentDeadlineInvalid.selector, deadline);
        if (tooFar) vm.expectRevert(invalid);
        vm.prank(OWNER);
        registry.setAgentWallet(id, vm.addr(key), deadline, signature);
        assertEq(registry.getAgentWallet(id), tooFar ? OWNER : vm.addr(key), "wallet");
    }

    function test_a_consent_fits_no_other_agent_owner_time_or_wallet() public {
        uint256 id = _registered();
        uint256 other = _registered();
        uint256 deadline = block.timestamp + 60;
        address wallet = vm.addr(WALLET);
        bytes memory signature = signLong(WALLET, registry.agentWalletDigest(id, wallet, OWNER, deadline));
        bytes memory invalid = abi.encodeWithSelector(AgentIdentity.AgentWalletInvalid.selector, wallet);
        vm.startPrank(OWNER);
        vm.expectRevert(invalid);
        registry.setAgentWallet(other, wallet, deadline, signature);
        vm.expectRevert(invalid);
        registry.setAgentWallet(id, wallet, deadline + 1, signature);
        vm.expectRevert(abi.encodeWithSelector(AgentIdentity.AgentWalletInvalid.selector, STRANGER));
        registry.setAgentWallet(id, STRANGER, deadline, signature);
        vm.expectRevert(abi.encodeWithSelector(AgentIdentity.AgentWalletInvalid.selector, address(0)));
        registry.setAgentWallet(id, address(0), deadline, signature);
        registry.transferFrom(OWNER, NEXT, id);
        vm.stopPrank();
        vm.prank(NEXT);
        vm.expectRevert(invalid);
        registry.setAgentWallet(id, wallet, deadline, signature);
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(AgentIdentity.AgentDeadlineInvalid.selector, deadline));
        vm.prank(NEXT);
        registry.setAgentWallet(id, wallet, deadline, signature);
    }

    function test_a_smart_account_consents_by_eip_1271() public {
        uint256 id = _registered();
        AgentAccount account = new AgentAccount(true);
        uint256 deadline = block.timestamp + 60;
        vm.expectRevert(abi.encodeWithSelector(AgentIdentity.AgentWalletInvalid.selector, address(account)));
        vm.prank(OWNER);
        registry.setAgentWallet(id, address(account), deadline, "");
        account.accept(registry.agentWalletDigest(id, address(account), OWNER, deadline));
        vm.prank(OWNER);
        registry.setAgentWallet(id, address(account), deadline, "");
        assertEq(registry.getAgentWallet(id), address(account), "wallet");
    }

    function test_a_transfer_takes_wallet_and_payout_away() public {
        vm.startPrank(OWNER);
        uint256 app = registry.registerApp("", PAYOUT);
        uint256 agent = registry.register();
        registry.transferFrom(OWNER, NEXT, app);
        registry.transferFrom(OWNER, NEXT, agent);
        assertEq(registry.getAgentWallet(app), address(0), "wallet");
        assertEq(registry.payoutOf(app), address(0), "payout");
        assertSame(registry.getMetadata(app, "agentWallet"), "");
        assertSame(registry.getMetadata(app, "payout"), "");
        assertEq(registry.getAgentWallet(agent), address(0), "agent's wallet");
    }

    function test_a_transfer_to_oneself_takes_nothing_away_and_a_wallet_can_be_unset() public {
        vm.startPrank(OWNER);
        uint256 app = registry.registerApp("", PAYOUT);
        registry.transferFrom(OWNER, OWNER, app);
        assertEq(registry.getAgentWallet(app), OWNER, "wallet");
        assertEq(registry.payoutOf(app), PAYOUT, "payout");
        registry.unsetAgentWallet(app);
        assertEq(registry.getAgentWallet(app), address(0), "unset");
    }

    function test_there_is_no_wallet_of_an_agent_that_does_not_exist() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9));
        registry.getAgentWallet(9);
    }

    function _registered() private returns (uint256) {
        vm.prank(OWNER);
        return registry.register("ipfs://agent");
    }

    function assertSame(bytes memory left, bytes memory right) private pure {
        assertEq(keccak256(left), keccak256(right), string(left));
    }
}
