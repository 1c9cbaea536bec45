// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IValidatorTasks} from "../interfaces/IValidatorTasks.sol";
import {AgentFeedback} from "./AgentFeedback.sol";

/// @title AgentValidation: what validators were asked about an agent and what they answered, as hashes
/// @notice Part of IdentityRegistry, whose header is the specification.
abstract contract AgentValidation is AgentFeedback {
    error ValidationExists(bytes32 requestHash, address validator);
    error ValidationUnknown(bytes32 requestHash, address validator);
    error ValidationNotAsked(bytes32 requestHash, address validator);
    error ValidationNotRevealed(bytes32 requestHash, address validator);
    error ValidationResponseInvalid(uint8 response);

    event ValidationRequest(
        address indexed validatorAddress, uint256 indexed agentId, string requestURI, bytes32 indexed requestHash
    );
    event ValidationResponse(
        address indexed validatorAddress,
        uint256 indexed agentId,
        bytes32 indexed requestHash,
        uint8 response,
        string responseURI,
        bytes32 responseHash,
        string tag
    );

    struct Validation {
        uint256 agentId;
        bytes32 responseHash;
        uint40 lastUpdate; // 0: never requested
        bool answered;
        uint8 response;
        string tag;
    }

    uint8 public constant MAX_RESPONSE = 100;
    mapping(bytes32 requestHash => mapping(address validator => Validation)) private _validations;

    /// @notice Says that a task of the caller's in the ValidatorSet is about an agent of theirs. Fees, times, hidden answers
    /// and misses are the ValidatorSet's.
    /// @param requestHash the task, of which `validatorAddress` was asked
    function validationRequest(
        address validatorAddress,
        uint256 agentId,
        string calldata requestURI,
        bytes32 requestHash
    ) external {
        _requireOperator(agentId);
        Validation storage v = _validations[requestHash][validatorAddress];
        if (v.lastUpdate != 0) revert ValidationExists(requestHash, validatorAddress);
        IValidatorTasks set = _validators(requestHash, validatorAddress);
        (address requester,,,) = set.tasks(requestHash);
        (IValidatorTasks.Answer state,) = set.replies(requestHash, validatorAddress);
        bool asked = requester == msg.sender && state != IValidatorTasks.Answer.None;
        if (!asked) revert ValidationNotAsked(requestHash, validatorAddress);
        (v.agentId, v.lastUpdate) = (agentId, uint40(block.timestamp));
        emit ValidationRequest(validatorAddress, agentId, requestURI, requestHash);
    }

    /// @notice The caller's answer, 0 to 100, of which the verdict that they revealed in the ValidatorSet is the hash:
    /// keccak256(abi.encode(response, responseHash)).
    function validationResponse(
        bytes32 requestHash,
        uint8 response,
        string calldata responseURI,
        bytes32 responseHash,
        string calldata tag
    ) external {
        if (response > MAX_RESPONSE) revert ValidationResponseInvalid(response);
        Validation storage v = _validations[requestHash][msg.sender];
        if (v.lastUpdate == 0) revert ValidationUnknown(requestHash, msg.sender);
        if (v.answered) revert ValidationExists(requestHash, msg.sender);
        (IValidatorTasks.Answer state, bytes32 verdict) =
            _validators(requestHash, msg.sender).replies(requestHash, msg.sender);
        bool revealed = state == IValidatorTasks.Answer.Revealed
            && verdict == keccak256(abi.encode(response, responseHash));
        if (!revealed) revert ValidationNotRevealed(requestHash, msg.sender);
        (v.answered, v.response, v.responseHash, v.tag) = (true, response, responseHash, tag);
        v.lastUpdate = uint40(block.timestamp);
        emit ValidationResponse(msg.sender, v.agentId, requestHash, response, responseURI, responseHash, tag);
    }

    /// @notice As ERC-8004 has it, but for each validator: one request may ask several.
    function getValidationStatus(bytes32 requestHash, address validatorAddress)
        external
        view
        returns (
            uint256 agentId,
            bool answered,
            uint8 response,
            bytes32 responseHash,
            string memory tag,
            uint256 lastUpdate
        )
    {
        Validation storage v = _validations[requestHash][validatorAddress];
        if (v.lastUpdate == 0) revert ValidationUnknown(requestHash, validatorAddress);
        return (v.agentId, v.answered, v.response, v.responseHash, v.tag, v.lastUpdate);
    }

    function _validators(bytes32 requestHash, address validator) private view returns (IValidatorTasks set) {
        set = IValidatorTasks(directory.addressOf(keccak256("ValidatorSet")));
        if (address(set) == address(0)) revert ValidationNotAsked(requestHash, validator);
    }
}
