// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetMembers} from "./DatanetMembers.sol";

/// @title DatanetBatches: proposing and accepting rows, and the head that names the whole history
/// @notice Part of DatanetRegistry, whose header is the specification.
abstract contract DatanetBatches is DatanetMembers {
    error DatanetEmptyBatch();
    error DatanetBatchNotPending(uint256 id, uint256 batch);
    error DatanetReviewOpen(uint256 until);

    event BatchProposed(
        uint256 indexed id, uint256 indexed batch, bytes32 root, uint32 count, string dataCid, address indexed by
    );
    event BatchAccepted(uint256 indexed id, uint256 indexed batch, uint16 version, bytes32 head, address by);
    event BatchRejected(uint256 indexed id, uint256 indexed batch, bytes32 reasonHash, address by);

    /// @dev Two slots; times fit until 2106.
    struct Batch {
        bytes32 root;
        address proposer;
        uint32 proposedAt;
        uint24 reviewPeriod;
        uint32 count;
        uint8 state; // 0 none, 1 pending, 2 accepted, 3 rejected, 4 accepted and its proposer slashed for a duplicate
    }

    bytes32 public constant ACCEPT_BATCH_TYPEHASH = keccak256("AcceptBatch(uint256 id,uint256 batch,bytes32 root)");
    uint8 internal constant PENDING = 1;
    uint8 internal constant ACCEPTED = 2;
    uint8 internal constant REJECTED = 3;
    uint8 internal constant SLASHED = 4;

    mapping(uint256 id => mapping(uint256 batch => Batch)) internal _batches;

    /// @notice Proposes a batch of `count` rows under Merkle root `root`. Whoever may join may; curators decide.
    function propose(uint256 id, bytes32 root, uint32 count, string calldata dataCid)
        external
        returns (uint256 batch)
    {
        _requireOpen(id);
        Terms storage t = _terms[id];
        _requireMayPropose(id, msg.sender, t.joinStake);
        batch = _propose(id, t, root, count, dataCid);
        _store(id, batch, root, count, t.reviewPeriod, PENDING);
    }

    /// @notice Accepts a pending batch and moves the Datanet to its next version.
    /// @dev The caller counts as one approval when a curator or the owner; `approvals` add curators who signed, in
    /// ascending order of address. With quorum 0 a batch that nobody rejected may be accepted by anyone after review.
    function accept(uint256 id, uint256 batch, Approval[] calldata approvals) external returns (bytes32 head) {
        _requireOpen(id);
        Batch storage b = _batches[id][batch];
        if (b.state != PENDING) revert DatanetBatchNotPending(id, batch);
        Terms storage t = _terms[id];
        _requireStake(id, b.proposer, t.joinStake); // a proposer who took their stake away answers for nothing
        bool bySilence = t.curatorQuorum == 0 && approvals.length == 0 && !isCurator(id, msg.sender);
        uint256 until = uint256(b.proposedAt) + b.reviewPeriod;
        if (!bySilence) _requireCurators(id, acceptDigest(id, batch, b.root), approvals);
        else if (block.timestamp < until) revert DatanetReviewOpen(until);
        b.state = ACCEPTED;
        head = _append(id, batch, b.root, b.count);
    }

    /// @notice Proposes and accepts in one transaction, for a curator whose single approval is enough: half the gas,
    /// because nothing has to be stored, except where the policy asks for stake that must answer for the batch.
    function commit(uint256 id, bytes32 root, uint32 count, string calldata dataCid) external returns (uint256 batch) {
        _requireOpen(id);
        if (!isCurator(id, msg.sender)) revert DatanetForbidden(id, msg.sender);
        Terms storage t = _terms[id];
        if (t.curatorQuorum > 1) revert DatanetQuorumMissing(1, t.curatorQuorum);
        batch = _propose(id, t, root, count, dataCid);
        if (t.joinStake != 0) {
            _requireStake(id, msg.sender, t.joinStake);
            _store(id, batch, root, count, 0, ACCEPTED);
        }
        _append(id, batch, root, count);
    }

    /// @notice Rejects a pending batch; `reasonHash` commits to the written reason. One curator suffices.
    function reject(uint256 id, uint256 batch, bytes32 reasonHash) external {
        if (!isCurator(id, msg.sender)) revert DatanetForbidden(id, msg.sender);
        Batch storage b = _batches[id][batch];
        if (b.state != PENDING) revert DatanetBatchNotPending(id, batch);
        b.state = REJECTED;
        emit BatchRejected(id, batch, reasonHash, msg.sender);
    }

    /// @notice A stored batch. Committed batches of Datanets without stake are in the events only.
    function batches(uint256 id, uint256 batch)
        external
        view
        returns (bytes32 root, address proposer, uint40 reviewUntil, uint32 count, uint8 state)
    {
        Batch memory b = _batches[id][batch];
        return (b.root, b.proposer, uint40(b.proposedAt) + b.reviewPeriod, b.count, b.state);
    }

    /// @notice The digest that a curator signs to approve `batch`.
    function acceptDigest(uint256 id, uint256 batch, bytes32 root) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ACCEPT_BATCH_TYPEHASH, id, batch, root)));
    }

    function _propose(uint256 id, Terms storage t, bytes32 root, uint32 count, string calldata dataCid)
        private
        returns (uint256 batch)
    {
        if (root == 0 || count == 0) revert DatanetEmptyBatch();
        batch = ++t.batches;
        emit BatchProposed(id, batch, root, count, dataCid, msg.sender);
    }

    function _store(uint256 id, uint256 batch, bytes32 root, uint32 count, uint32 reviewPeriod, uint8 state) private {
        _batches[id][batch] = Batch({
            root: root,
            proposer: msg.sender,
            proposedAt: uint32(block.timestamp),
            reviewPeriod: uint24(reviewPeriod), // at most 30 days, which fit
            count: count,
            state: state
        });
    }

    function _append(uint256 id, uint256 batch, bytes32 root, uint32 count) private returns (bytes32 head) {
        Datanet storage d = datanets[id];
        head = keccak256(abi.encode(d.head, root, uint256(count)));
        d.head = head;
        d.records += count;
        uint16 version = ++d.version;
        emit BatchAccepted(id, batch, version, head, msg.sender);
    }
}
