// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {ISettledEpochs} from "../interfaces/ISettledEpochs.sol";
import {ReceiptJson} from "../lib/ReceiptJson.sol";
import {AgentIdentity} from "./AgentIdentity.sol";

/// @title AgentFeedback: what paying users say of an agent
/// @notice Part of IdentityRegistry, whose header is the specification.
abstract contract AgentFeedback is AgentIdentity {
    error FeedbackScoreInvalid(int8 score);
    error FeedbackEpochNotActive(uint32 epoch);
    error FeedbackProofInvalid(uint32 epoch);
    error FeedbackNotPaid();
    error FeedbackGiven(bytes32 receiptHash);
    error FeedbackNotPayer(address payer, address account);
    error FeedbackOfAnotherAgent(address gateway, address wallet);
    error FeedbackLedgerMissing();

    event NewFeedback(
        uint256 indexed agentId,
        address indexed payer,
        bytes4 indexed tag,
        int8 score,
        uint256 feeWei,
        bytes32 receiptHash,
        string feedbackURI
    );

    /// @dev One word for each (agent, tag). Weights are fees in gwei of OPEN.
    struct Summary {
        int128 weighted;
        uint96 weight;
        uint32 count;
    }

    /// @dev `body` is the receipt's canonical JSON, in which `,"payer":"0x` begins at `payerAt` and `,"gateway":"0x` at
    /// `gatewayAt`; `proof` leads from its leaf to the epoch's top, the earnings root last.
    struct PaidReceipt {
        uint32 epoch;
        uint256 feeWei;
        bytes body;
        uint256 payerAt;
        uint256 gatewayAt;
        bytes32[] proof;
    }

    int8 public constant MAX_SCORE = 100;
    IDirectory public immutable directory;
    mapping(uint256 agentId => mapping(bytes4 tag => Summary)) private _summaries;
    /// @notice Whether feedback was given for a receipt.
    mapping(bytes32 receiptHash => bool) public feedbackGiven;

    constructor(IDirectory directory_) {
        directory = directory_;
    }

    /// @notice Says how an answer was that the caller paid for, from -100 to 100, weighted by what it cost. Once per receipt.
    /// @param tag what the score is about; 0 for the answer as a whole
    function giveFeedback(
        uint256 agentId,
        int8 score,
        bytes4 tag,
        PaidReceipt calldata receipt,
        string calldata feedbackURI
    ) external {
        if (score > MAX_SCORE || score < -MAX_SCORE) revert FeedbackScoreInvalid(score);
        bytes32 receiptHash = _requirePaid(receipt);
        address payer = ReceiptJson.addressAt(receipt.body, receipt.payerAt, ',"payer":"0x');
        if (payer != msg.sender) revert FeedbackNotPayer(payer, msg.sender);
        address gateway = ReceiptJson.addressAt(receipt.body, receipt.gatewayAt, ',"gateway":"0x');
        address wallet = getAgentWallet(agentId);
        if (gateway != wallet) revert FeedbackOfAnotherAgent(gateway, wallet);
        if (feedbackGiven[receiptHash]) revert FeedbackGiven(receiptHash);
        feedbackGiven[receiptHash] = true;
        _add(_summaries[agentId][tag], score, receipt.feeWei);
        emit NewFeedback(agentId, payer, tag, score, receipt.feeWei, receiptHash, feedbackURI);
    }

    /// @notice How many spoke, with what weight in gwei of fees paid, and the sum of score times weight.
    function getSummary(uint256 agentId, bytes4 tag) external view returns (uint32 count, uint96 weight, int128 weighted) {
        Summary memory s = _summaries[agentId][tag];
        return (s.count, s.weight, s.weighted);
    }

    /// @notice The leaf of a receipt under an epoch's receipts root.
    function receiptLeafOf(bytes32 receiptHash, uint256 feeWei) external pure returns (bytes32) {
        return ReceiptJson.leaf(receiptHash, feeWei);
    }

    /// @dev That the receipt cost something and stands in an active epoch.
    function _requirePaid(PaidReceipt calldata r) private view returns (bytes32 receiptHash) {
        if (r.feeWei == 0 || r.feeWei > type(uint96).max) revert FeedbackNotPaid(); // no fee is more than all OPEN
        ISettledEpochs ledger = ISettledEpochs(directory.addressOf(keccak256("AttributionLedger")));
        if (address(ledger) == address(0)) revert FeedbackLedgerMissing();
        if (ledger.stateOf(r.epoch) != ISettledEpochs.State.Active) revert FeedbackEpochNotActive(r.epoch);
        receiptHash = sha256(r.body);
        (bytes32 top,,,,,,,) = ledger.epochs(r.epoch);
        bytes32 leaf = ReceiptJson.leaf(receiptHash, r.feeWei);
        if (!MerkleProof.verifyCalldata(r.proof, top, leaf)) revert FeedbackProofInvalid(r.epoch);
    }

    function _add(Summary storage s, int8 score, uint256 feeWei) private {
        uint96 weight = uint96(feeWei / 1 gwei);
        s.weighted += int128(score) * int128(uint128(weight));
        s.weight += weight;
        ++s.count;
    }
}
