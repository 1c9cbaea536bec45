// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Directory} from "../src/Directory.sol";
import {IdentityRegistry} from "../src/IdentityRegistry.sol";
import {Params} from "../src/Params.sol";
import {StakePools} from "../src/StakePools.sol";
import {ValidatorSet} from "../src/ValidatorSet.sol";
import {AgentIdentity} from "../src/identity/AgentIdentity.sol";
import {AgentValidation} from "../src/identity/AgentValidation.sol";
import {PoolIds} from "../src/lib/PoolIds.sol";
import {Std} from "./support/Std.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev With the real ValidatorSet: two validators, one of whom is asked.
contract IdentityValidationTest is Std {
    IdentityRegistry private registry;
    ValidatorSet private set;
    Directory private directory;
    uint256 private agent;
    bytes32 private task;
    address private constant OWNER = address(0x6001);
    address private constant VALIDATOR = address(0x6002);
    address private constant IDLE = address(0x6003);
    bytes32 private constant REPORT = keccak256("report");

    function setUp() public {
        vm.warp(1_800_000_000);
        PlainOpen token = new PlainOpen(address(this));
        directory = new Directory(address(this));
        Params params = new Params(address(this), 1);
        StakePools pools = new StakePools(token, directory, params, address(this));
        set = new ValidatorSet(token, directory, params, pools);
        registry = new IdentityRegistry(directory);
        directory.set(keccak256("ValidatorSet"), address(set));
        token.approve(address(pools), type(uint256).max);
        _validator(pools, VALIDATOR, 7);
        _validator(pools, IDLE, 8);
        token.transfer(OWNER, 1 ether);
        vm.startPrank(OWNER);
        agent = registry.register("ipfs://agent");
        token.approve(address(set), 1 ether);
        address[] memory asked = new address[](1);
        asked[0] = VALIDATOR;
        task = set.request("subject", asked, 1 ether);
        vm.stopPrank();
    }

    function test_a_revealed_verdict_becomes_the_answer_once() public {
        _request();
        _reveal(90);
        vm.startPrank(VALIDATOR);
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationNotRevealed.selector, task, VALIDATOR));
        registry.validationResponse(task, 91, "ipfs://report", REPORT, "accuracy");
        registry.validationResponse(task, 90, "ipfs://report", REPORT, "accuracy");
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationExists.selector, task, VALIDATOR));
        registry.validationResponse(task, 90, "ipfs://report", REPORT, "accuracy");
        (uint256 about, bool answered, uint8 response, bytes32 hash, string memory tag, uint256 updated) =
            registry.getValidationStatus(task, VALIDATOR);
        assertEq(about, agent, "agent");
        assertTrue(answered, "answered");
        assertEq(response, 90, "response");
        assertEq(hash, REPORT, "hash");
        assertEq(keccak256(bytes(tag)), keccak256("accuracy"), "tag");
        assertEq(updated, block.timestamp, "time");
    }

    function test_nothing_is_answered_before_it_is_revealed_or_above_a_hundred() public {
        _request();
        vm.startPrank(VALIDATOR);
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationNotRevealed.selector, task, VALIDATOR));
        registry.validationResponse(task, 90, "", REPORT, "");
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationResponseInvalid.selector, 101));
        registry.validationResponse(task, 101, "", REPORT, "");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationUnknown.selector, task, IDLE));
        vm.prank(IDLE);
        registry.validationResponse(task, 90, "", REPORT, "");
    }

    function test_requests_are_of_ones_own_agent_and_task_and_of_whom_was_asked() public {
        vm.expectRevert(abi.encodeWithSelector(AgentIdentity.AgentForbidden.selector, agent, address(this)));
        registry.validationRequest(VALIDATOR, agent, "", task);
        vm.prank(IDLE);
        uint256 another = registry.register();
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationNotAsked.selector, task, VALIDATOR));
        vm.prank(IDLE);
        registry.validationRequest(VALIDATOR, another, "", task); // another's task
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationNotAsked.selector, task, IDLE));
        registry.validationRequest(IDLE, agent, "", task);
        registry.validationRequest(VALIDATOR, agent, "", task);
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationExists.selector, task, VALIDATOR));
        registry.validationRequest(VALIDATOR, agent, "", task);
    }

    function test_unknown_requests_and_a_missing_set_say_so() public {
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationUnknown.selector, task, VALIDATOR));
        registry.getValidationStatus(task, VALIDATOR);
        directory.set(keccak256("ValidatorSet"), address(0));
        vm.expectRevert(abi.encodeWithSelector(AgentValidation.ValidationNotAsked.selector, task, VALIDATOR));
        vm.prank(OWNER);
        registry.validationRequest(VALIDATOR, agent, "", task);
    }

    function _request() private {
        vm.prank(OWNER);
        registry.validationRequest(VALIDATOR, agent, "ipfs://request", task);
    }

    function _reveal(uint8 response) private {
        bytes32 verdict = keccak256(abi.encode(response, REPORT));
        bytes32 commitment = set.commitmentOf(task, VALIDATOR, verdict, "salt");
        vm.prank(VALIDATOR);
        set.commit(task, commitment);
        vm.warp(block.timestamp + 1 days);
        vm.prank(VALIDATOR);
        set.reveal(task, verdict, "salt");
    }

    function _validator(StakePools pools, address account, uint256 key) private {
        pools.stake(PoolIds.validator(account), 10_000 ether, account);
        (bytes32 r, bytes32 vs) = signCompact(key, set.signerDigest(account));
        vm.prank(account);
        set.register(vm.addr(key), ValidatorSet.Signature(r, vs), 0);
    }
}
