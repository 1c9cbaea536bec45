// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IParams} from "../interfaces/IParams.sol";
import {IStakePools} from "../interfaces/IStakePools.sol";
import {ParamKeys} from "../lib/ParamKeys.sol";
import {PoolIds} from "../lib/PoolIds.sol";
import {DatanetRecords} from "./DatanetRecords.sol";

/// @title DatanetDuplicates: the same content under another's name, proven without a judge
/// @notice Part of DatanetRegistry, whose header is the specification and says why a proof may be answered.
abstract contract DatanetDuplicates is DatanetRecords {
    error DatanetNoDuplicate();
    error DatanetProofInvalid(uint256 id, uint256 batch);
    error DatanetDuplicateKnown(uint256 id, bytes32 leaf);
    error DatanetDuplicateUnknown(uint256 id, bytes32 leaf);
    error DatanetRebuttalOpen(uint256 until);
    error DatanetAlreadySlashed(uint256 id, uint256 batch);

    event DuplicateProven(
        uint256 indexed id,
        bytes32 indexed leaf,
        address indexed proposer,
        uint256 original,
        uint256 batch,
        uint256 until,
        address prover
    );
    event DuplicateMoved(
        uint256 indexed id, bytes32 indexed leaf, address indexed proposer, uint256 batch, uint256 until
    );
    event DuplicateRebutted(uint256 indexed id, bytes32 indexed leaf, uint256 batch, address by);
    event DuplicateSlashed(uint256 indexed id, bytes32 indexed leaf, address indexed proposer, uint256 amount);

    /// @dev A row and where it stands: `proof` leads from its leaf to the root of accepted `batch`.
    struct Evidence {
        uint256 batch;
        Record record;
        bytes32[] proof;
    }

    /// @dev `original` is the batch of the older row, `batch` the earliest known one with the copy, whose proposer
    /// answers for it after `until` (0: no proof stands). The row counts as void from `voidFrom` on.
    struct Duplicate {
        address prover;
        uint32 original;
        uint32 batch;
        uint32 until;
        uint32 voidFrom;
    }

    /// @notice A batch proposed sooner than this after the original is no copy: its proposer could not have seen it.
    uint256 public constant RACE_MARGIN = 1 hours;

    mapping(uint256 id => mapping(bytes32 leaf => Duplicate)) public duplicates;

    /// @notice Shows that `copy` repeats the content of `original`, which stood in an accepted batch that was public for
    /// RACE_MARGIN, under another contributor's name. The copy is void, and its batch's proposer may be slashed, after a
    /// time in which anyone may answer.
    function proveDuplicate(uint256 id, Evidence calldata original, Evidence calldata copy) external {
        bytes32 leaf = _requireIncluded(id, copy);
        _requireIncluded(id, original);
        Duplicate storage d = duplicates[id][leaf];
        if (d.until != 0) revert DatanetDuplicateKnown(id, leaf);
        // What an earlier answer has shown is not to be shown again.
        uint256 batch = d.batch != 0 && d.batch < copy.batch ? d.batch : copy.batch;
        bool sameContent = original.record.contentHash == copy.record.contentHash;
        bool samePerson = original.record.contributor == copy.record.contributor;
        if (!sameContent || samePerson || !_isLater(id, batch, original.batch)) revert DatanetNoDuplicate();
        uint32 until = _answerUntil();
        duplicates[id][leaf] = Duplicate(msg.sender, uint32(original.batch), uint32(batch), until, until);
        emit DuplicateProven(id, leaf, _batches[id][batch].proposer, original.batch, batch, until, msg.sender);
    }

    /// @notice Answers a proof by showing the accused row in an earlier batch. Was that no later than the original: the
    /// proof falls and the row stands again. Otherwise the blame moves to that batch's proposer, with a time to answer.
    function rebutDuplicate(uint256 id, Evidence calldata earlier) external {
        bytes32 leaf = _requireIncluded(id, earlier);
        Duplicate storage d = duplicates[id][leaf];
        if (d.until == 0) revert DatanetDuplicateUnknown(id, leaf);
        if (earlier.batch >= d.batch) revert DatanetNoDuplicate();
        d.batch = uint32(earlier.batch);
        if (!_isLater(id, earlier.batch, d.original)) {
            (d.until, d.voidFrom) = (0, 0);
            emit DuplicateRebutted(id, leaf, earlier.batch, msg.sender);
            return;
        }
        d.until = _answerUntil();
        emit DuplicateMoved(id, leaf, _batches[id][earlier.batch].proposer, earlier.batch, d.until);
    }

    /// @notice Slashes the proposer of a copy that nobody answered for, once per batch: half to the prover, half to the
    /// treasury. Anyone may call.
    function slashDuplicate(uint256 id, bytes32 leaf) external {
        Duplicate memory d = duplicates[id][leaf];
        if (d.until == 0) revert DatanetDuplicateUnknown(id, leaf);
        if (block.timestamp < d.until) revert DatanetRebuttalOpen(d.until);
        Batch storage b = _batches[id][d.batch];
        if (b.state == SLASHED) revert DatanetAlreadySlashed(id, d.batch);
        b.state = SLASHED;
        uint256 bps = _slashBps();
        IStakePools pools = IStakePools(_part(keccak256("StakePools")));
        bytes32 pool = PoolIds.datanet(id);
        uint256 amount = pools.slashAccount(pool, b.proposer, bps / 2, d.prover, leaf);
        amount += pools.slashAccount(pool, b.proposer, bps - bps / 2, _part(keccak256("Treasury")), leaf);
        emit DuplicateSlashed(id, leaf, b.proposer, amount);
    }

    /// @notice Whether a row goes into no further version: it has a tombstone, or it is a copy that nobody answered for.
    function isRetired(uint256 id, bytes32 leaf) external view returns (bool) {
        uint256 voidFrom = duplicates[id][leaf].voidFrom;
        return _retired[id][leaf] || (voidFrom != 0 && block.timestamp >= voidFrom);
    }

    /// @dev Numbered after `original` and proposed at least RACE_MARGIN after it.
    function _isLater(uint256 id, uint256 batch, uint256 original) private view returns (bool) {
        uint256 publicFrom = _batches[id][original].proposedAt + RACE_MARGIN;
        return batch > original && _batches[id][batch].proposedAt >= publicFrom;
    }

    function _requireIncluded(uint256 id, Evidence calldata e) private view returns (bytes32 leaf) {
        Batch storage b = _batches[id][e.batch];
        leaf = leafOf(e.record);
        bool accepted = b.state == ACCEPTED || b.state == SLASHED;
        if (!accepted || !MerkleProof.verifyCalldata(e.proof, b.root, leaf)) revert DatanetProofInvalid(id, e.batch);
    }

    /// @dev What the pools would refuse is not asked of them.
    function _slashBps() private view returns (uint256 bps) {
        IParams params = IParams(_part(keccak256("Params")));
        bps = params.valueOf(ParamKeys.DUPLICATE_SLASH_BPS);
        uint256 most = params.valueOf(ParamKeys.SLASH_EVENT_BPS);
        if (bps > most) bps = most;
    }

    function _answerUntil() private view returns (uint32) {
        return uint32(block.timestamp + IParams(_part(keccak256("Params"))).valueOf(ParamKeys.REBUTTAL_SECONDS));
    }
}
