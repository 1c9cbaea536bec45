// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title DatanetRegistry: community datasets and the history of their versions
/// @notice
/// PURPOSE      Records who owns a Datanet, who may decide about it, and one hash (`head`) per version that commits to
///              every batch ever accepted: head' = keccak256(abi.encode(head, root, count)), from head = 0.
/// TRUST        The owner and those whom the owner gives roles decide about their own Datanet only. Nobody can alter an
///              accepted batch or a past head. There is no administrator of the registry.
/// UNITS        `count` and `records` are rows; periods in seconds; `ownerBps` in 1/10,000.
/// ROUNDING     None.
/// ASSUMPTIONS  Rows live off-chain under `dataCid`; `root` is the Merkle root of their leaves (double-hashed, sorted
///              pairs). The chain does not check that the rows are good, only who said so.
/// CANNOT HAPPEN  A version number never falls; a batch is never accepted twice nor after rejection; a signature counts
///              for one batch of one Datanet on one chain; one curator never counts twice for a quorum.
contract DatanetRegistry is EIP712 {
    error DatanetUnknown(uint256 id);
    error DatanetForbidden(uint256 id, address account);
    error DatanetClosed(uint256 id);
    error DatanetEmptyBatch();
    error DatanetAccessUnknown(uint8 access);
    error DatanetBatchNotPending(uint256 id, uint256 batch);
    error DatanetQuorumMissing(uint256 have, uint256 need);
    error DatanetReviewOpen(uint256 until);
    error DatanetApprovalInvalid(address curator);
    error DatanetApprovalsUnsorted(address curator);
    error DatanetPolicyInvalid();
    error DatanetRolesInvalid(uint256 roles);

    event DatanetCreated(uint256 indexed id, address indexed owner, uint8 access, Policy policy, string metaCid);
    event OwnershipOffered(uint256 indexed id, address indexed to);
    event OwnerChanged(uint256 indexed id, address indexed from, address indexed to);
    event RoleSet(uint256 indexed id, address indexed account, uint256 roles, address by);
    event PolicySet(uint256 indexed id, Policy policy);
    event AccessChanged(uint256 indexed id, uint8 access);
    event StateSet(uint256 indexed id, uint8 state);
    event MetaSet(uint256 indexed id, string metaCid);
    event BatchProposed(
        uint256 indexed id, uint256 indexed batch, bytes32 root, uint32 count, string dataCid, address indexed by
    );
    event BatchAccepted(uint256 indexed id, uint256 indexed batch, uint16 version, bytes32 head, address by);
    event BatchRejected(uint256 indexed id, uint256 indexed batch, bytes32 reasonHash, address by);

    struct Datanet {
        address owner;
        uint64 records;
        uint16 version;
        uint8 access; // 0 open, 1 stake, 2 allow-list root, 3 token or NFT, 4 private
        uint8 state; // 1 open, 2 closed
        bytes32 head;
    }

    /// @dev One slot. `joinStake` and `dedup` are published terms that other contracts and the review queue enforce.
    struct Policy {
        uint96 joinStake;
        uint32 reviewPeriod;
        uint16 curatorQuorum;
        uint16 ownerBps;
        uint8 dedup;
    }

    /// @dev The policy as stored, with the number of batches in the rest of its slot.
    struct Terms {
        uint96 joinStake;
        uint32 reviewPeriod;
        uint16 curatorQuorum;
        uint16 ownerBps;
        uint8 dedup;
        uint32 batches;
    }

    struct Batch {
        bytes32 root;
        address proposer;
        uint40 reviewUntil;
        uint32 count;
        uint8 state; // 0 none, 1 pending, 2 accepted, 3 rejected
    }

    /// @dev A curator's signature over AcceptBatch; `curator` may be a contract (EIP-1271).
    struct Approval {
        address curator;
        bytes signature;
    }

    bytes32 public constant ACCEPT_BATCH_TYPEHASH = keccak256("AcceptBatch(uint256 id,uint256 batch,bytes32 root)");
    uint256 public constant CURATOR = 1;
    uint256 public constant VALIDATOR = 2;
    uint256 public constant ADMIN = 4;
    uint8 public constant OPEN = 1;
    uint8 public constant CLOSED = 2;
    uint8 private constant PENDING = 1;
    uint8 private constant ACCEPTED = 2;
    uint8 private constant REJECTED = 3;

    uint256 public datanetCount;
    mapping(uint256 id => Datanet) public datanets;
    mapping(uint256 id => Terms) private _terms;
    mapping(uint256 id => mapping(uint256 batch => Batch)) public batches;
    mapping(uint256 id => mapping(address account => uint256)) public rolesOf;
    mapping(uint256 id => address) public pendingOwner;

    constructor() EIP712("DatanetRegistry", "1") {}

    /// @notice Creates a Datanet owned by the caller. Anyone may.
    function create(Policy calldata policy, uint8 access, string calldata metaCid) external returns (uint256 id) {
        _checkPolicy(policy);
        _checkAccess(access);
        id = ++datanetCount;
        Datanet storage d = datanets[id];
        d.owner = msg.sender;
        d.access = access;
        d.state = OPEN;
        _setTerms(id, policy);
        emit DatanetCreated(id, msg.sender, access, policy, metaCid);
    }

    /// @notice Proposes a batch of `count` rows under Merkle root `root`. Anyone may; curators decide.
    function propose(uint256 id, bytes32 root, uint32 count, string calldata dataCid)
        external
        returns (uint256 batch)
    {
        _requireOpen(id);
        if (root == 0 || count == 0) revert DatanetEmptyBatch();
        Terms storage t = _terms[id];
        batch = ++t.batches;
        uint40 until = uint40(block.timestamp + t.reviewPeriod);
        batches[id][batch] =
            Batch({root: root, proposer: msg.sender, reviewUntil: until, count: count, state: PENDING});
        emit BatchProposed(id, batch, root, count, dataCid, msg.sender);
    }

    /// @notice Accepts a pending batch and moves the Datanet to its next version.
    /// @dev The caller counts as one approval when a curator or the owner; `approvals` add curators who signed, in
    /// ascending order of address. With quorum 0 a batch that nobody rejected may be accepted by anyone after review.
    function accept(uint256 id, uint256 batch, Approval[] calldata approvals) external returns (bytes32 head) {
        _requireOpen(id);
        Batch storage b = batches[id][batch];
        if (b.state != PENDING) revert DatanetBatchNotPending(id, batch);
        _requireQuorum(id, batch, b, approvals);
        b.state = ACCEPTED;
        head = _append(id, batch, b.root, b.count);
    }

    /// @notice Proposes and accepts in one transaction, for a curator whose single approval is enough: half the gas,
    /// because nothing pending has to be stored.
    function commit(uint256 id, bytes32 root, uint32 count, string calldata dataCid) external returns (uint256 batch) {
        _requireOpen(id);
        if (root == 0 || count == 0) revert DatanetEmptyBatch();
        if (!isCurator(id, msg.sender)) revert DatanetForbidden(id, msg.sender);
        Terms storage t = _terms[id];
        if (t.curatorQuorum > 1) revert DatanetQuorumMissing(1, t.curatorQuorum);
        batch = ++t.batches;
        emit BatchProposed(id, batch, root, count, dataCid, msg.sender);
        _append(id, batch, root, count);
    }

    /// @notice Rejects a pending batch; `reasonHash` commits to the written reason. One curator suffices.
    function reject(uint256 id, uint256 batch, bytes32 reasonHash) external {
        if (!isCurator(id, msg.sender)) revert DatanetForbidden(id, msg.sender);
        Batch storage b = batches[id][batch];
        if (b.state != PENDING) revert DatanetBatchNotPending(id, batch);
        b.state = REJECTED;
        emit BatchRejected(id, batch, reasonHash, msg.sender);
    }

    /// @notice Sets the role bits of `account`. An ADMIN may set CURATOR and VALIDATOR; only the owner grants or takes
    /// ADMIN, so that a stolen admin key cannot make itself permanent.
    function setRole(uint256 id, address account, uint256 roles) external {
        if (roles > (CURATOR | VALIDATOR | ADMIN)) revert DatanetRolesInvalid(roles);
        uint256 before = rolesOf[id][account];
        bool touchesAdmin = (before ^ roles) & ADMIN != 0;
        bool byAdmin = rolesOf[id][msg.sender] & ADMIN != 0 && !touchesAdmin;
        if (msg.sender != datanets[id].owner && !byAdmin) revert DatanetForbidden(id, msg.sender);
        rolesOf[id][account] = roles;
        emit RoleSet(id, account, roles, msg.sender);
    }

    /// @notice Replaces the policy for batches proposed or accepted from now on.
    function setPolicy(uint256 id, Policy calldata policy) external {
        _requireOwner(id);
        _checkPolicy(policy);
        _setTerms(id, policy);
        emit PolicySet(id, policy);
    }

    function setAccess(uint256 id, uint8 access) external {
        _requireOwner(id);
        _checkAccess(access);
        datanets[id].access = access;
        emit AccessChanged(id, access);
    }

    /// @notice OPEN (1) or CLOSED (2): a closed Datanet takes no batches; its versions stay valid.
    function setState(uint256 id, uint8 state) external {
        _requireOwner(id);
        if (state != OPEN && state != CLOSED) revert DatanetClosed(id);
        datanets[id].state = state;
        emit StateSet(id, state);
    }

    function setMeta(uint256 id, string calldata metaCid) external {
        _requireOwner(id);
        emit MetaSet(id, metaCid);
    }

    /// @notice Offers ownership to `to`, who must take it: a mistyped address cannot orphan a Datanet.
    function offerOwnership(uint256 id, address to) external {
        _requireOwner(id);
        pendingOwner[id] = to;
        emit OwnershipOffered(id, to);
    }

    function takeOwnership(uint256 id) external {
        if (msg.sender != pendingOwner[id]) revert DatanetForbidden(id, msg.sender);
        address from = datanets[id].owner;
        datanets[id].owner = msg.sender;
        delete pendingOwner[id];
        emit OwnerChanged(id, from, msg.sender);
    }

    function isCurator(uint256 id, address account) public view returns (bool) {
        return (account == datanets[id].owner && account != address(0)) || rolesOf[id][account] & CURATOR != 0;
    }

    function policies(uint256 id) external view returns (Policy memory) {
        Terms memory t = _terms[id];
        return Policy(t.joinStake, t.reviewPeriod, t.curatorQuorum, t.ownerBps, t.dedup);
    }

    /// @notice How many batches were ever proposed; batches are numbered from 1.
    function batchCount(uint256 id) external view returns (uint256) {
        return _terms[id].batches;
    }

    /// @notice The digest that a curator signs to approve `batch`.
    function acceptDigest(uint256 id, uint256 batch, bytes32 root) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(ACCEPT_BATCH_TYPEHASH, id, batch, root)));
    }

    function _setTerms(uint256 id, Policy calldata p) private {
        Terms storage t = _terms[id];
        (t.joinStake, t.reviewPeriod, t.curatorQuorum) = (p.joinStake, p.reviewPeriod, p.curatorQuorum);
        (t.ownerBps, t.dedup) = (p.ownerBps, p.dedup);
    }

    function _append(uint256 id, uint256 batch, bytes32 root, uint32 count) private returns (bytes32 head) {
        Datanet storage d = datanets[id];
        head = keccak256(abi.encode(d.head, root, uint256(count)));
        d.head = head;
        d.records += count;
        uint16 version = ++d.version;
        emit BatchAccepted(id, batch, version, head, msg.sender);
    }

    function _requireQuorum(uint256 id, uint256 batch, Batch storage b, Approval[] calldata approvals) private view {
        uint256 quorum = _terms[id].curatorQuorum;
        uint256 have = isCurator(id, msg.sender) ? 1 : 0;
        if (have == 0 && quorum == 0 && approvals.length == 0) {
            if (block.timestamp < b.reviewUntil) revert DatanetReviewOpen(b.reviewUntil);
            return;
        }
        bytes32 digest = acceptDigest(id, batch, b.root);
        address last;
        for (uint256 i; i < approvals.length; ++i) {
            address curator = approvals[i].curator;
            if (curator <= last) revert DatanetApprovalsUnsorted(curator);
            last = curator;
            if (!isCurator(id, curator)) revert DatanetForbidden(id, curator);
            if (!SignatureChecker.isValidSignatureNowCalldata(curator, digest, approvals[i].signature)) {
                revert DatanetApprovalInvalid(curator);
            }
            if (curator != msg.sender) ++have;
        }
        uint256 need = quorum == 0 ? 1 : quorum;
        if (have < need) revert DatanetQuorumMissing(have, need);
    }

    function _requireOpen(uint256 id) private view {
        uint8 state = datanets[id].state;
        if (state == 0) revert DatanetUnknown(id);
        if (state != OPEN) revert DatanetClosed(id);
    }

    function _requireOwner(uint256 id) private view {
        if (msg.sender != datanets[id].owner) revert DatanetForbidden(id, msg.sender);
    }

    function _checkPolicy(Policy calldata policy) private pure {
        if (policy.ownerBps > 10_000 || policy.reviewPeriod > 30 days) revert DatanetPolicyInvalid();
    }

    function _checkAccess(uint8 access) private pure {
        if (access > 4) revert DatanetAccessUnknown(access);
    }
}
