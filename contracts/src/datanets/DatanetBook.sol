// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";

/// @title DatanetBook: what the registry stores about a Datanet, and who may decide about it
/// @notice Part of DatanetRegistry, whose header is the specification: storage, ownership, roles, terms and approvals.
abstract contract DatanetBook is EIP712 {
    error DatanetUnknown(uint256 id);
    error DatanetForbidden(uint256 id, address account);
    error DatanetClosed(uint256 id);
    error DatanetAccessUnknown(uint8 access);
    error DatanetQuorumMissing(uint256 have, uint256 need);
    error DatanetQuorumUnreachable(uint256 curators, uint256 quorum);
    error DatanetApprovalInvalid(address curator);
    error DatanetApprovalsUnsorted(address curator);
    error DatanetPolicyInvalid();
    error DatanetRolesInvalid(uint256 roles);
    error DatanetPartMissing(bytes32 name);

    event OwnershipOffered(uint256 indexed id, address indexed to);
    event OwnerChanged(uint256 indexed id, address indexed from, address indexed to);
    event RoleSet(uint256 indexed id, address indexed account, uint256 roles, address by);
    event PolicySet(uint256 indexed id, Policy policy);
    event AccessChanged(uint256 indexed id, uint8 access, bytes32 accessData);
    event StateSet(uint256 indexed id, uint8 state);
    event MetaSet(uint256 indexed id, string metaCid);

    struct Datanet {
        address owner;
        uint64 records;
        uint16 version;
        uint8 access; // 0 open, 1 stake, 2 allow-list root, 3 token or NFT, 4 private
        uint8 state; // 1 open, 2 closed, 3 moved to a successor
        bytes32 head;
    }

    /// @dev One slot. `dedup` is a published term that the review queue enforces.
    struct Policy {
        uint96 joinStake;
        uint32 reviewPeriod;
        uint16 curatorQuorum;
        uint16 ownerBps;
        uint8 dedup;
    }

    /// @dev The policy as stored, with the number of batches and of accounts that hold CURATOR in the rest of its slot.
    struct Terms {
        uint96 joinStake;
        uint32 reviewPeriod;
        uint16 curatorQuorum;
        uint16 ownerBps;
        uint8 dedup;
        uint32 batches;
        uint16 curators;
    }

    /// @dev A curator's signature over a digest of this registry; `curator` may be a contract (EIP-1271).
    struct Approval {
        address curator;
        bytes signature;
    }

    uint256 public constant CURATOR = 1;
    uint256 public constant VALIDATOR = 2;
    uint256 public constant ADMIN = 4;
    /// @notice Set and cleared by join and leave only.
    uint256 public constant MEMBER = 8;
    uint8 public constant OPEN = 1;
    uint8 public constant CLOSED = 2;
    uint8 public constant MOVED = 3;
    uint8 internal constant ACCESS_STAKE = 1;
    uint8 internal constant ACCESS_LIST = 2;
    uint8 internal constant ACCESS_TOKEN = 3;
    uint8 internal constant ACCESS_PRIVATE = 4;

    IDirectory public immutable directory;
    uint256 public datanetCount;
    mapping(uint256 id => Datanet) public datanets;
    mapping(uint256 id => Terms) internal _terms;
    mapping(uint256 id => mapping(address account => uint256)) public rolesOf;
    mapping(uint256 id => address) public pendingOwner;
    /// @notice Access 2: Merkle root of the accounts. Access 3: token's address, then the least balance as uint96.
    mapping(uint256 id => bytes32) public accessData;

    constructor(IDirectory directory_) {
        directory = directory_;
    }

    /// @notice Sets the role bits of `account`. An ADMIN may set CURATOR and VALIDATOR; only the owner grants or takes
    /// ADMIN, so that a stolen admin key cannot make itself permanent. Membership stays as it is. Who takes a curator away
    /// whom the quorum needs lowers the quorum first.
    function setRole(uint256 id, address account, uint256 roles) external {
        if (roles > (CURATOR | VALIDATOR | ADMIN)) revert DatanetRolesInvalid(roles);
        uint256 before = rolesOf[id][account];
        roles |= before & MEMBER;
        bool touchesAdmin = (before ^ roles) & ADMIN != 0;
        bool byAdmin = rolesOf[id][msg.sender] & ADMIN != 0 && !touchesAdmin;
        if (msg.sender != datanets[id].owner && !byAdmin) revert DatanetForbidden(id, msg.sender);
        rolesOf[id][account] = roles;
        if ((before ^ roles) & CURATOR != 0) _countCurator(id, roles & CURATOR != 0);
        emit RoleSet(id, account, roles, msg.sender);
    }

    /// @notice Replaces the policy for batches proposed or accepted from now on. A quorum asks for no more curators than
    /// there are: nothing could be accepted any more.
    function setPolicy(uint256 id, Policy calldata policy) external {
        _requireOwner(id);
        _checkPolicy(policy, datanets[id].access);
        _setTerms(id, policy);
        _requireReachable(id);
        emit PolicySet(id, policy);
    }

    /// @notice Changes who may join. Members stay members; with access 2 and 3, zero `data` admits nobody.
    function setAccess(uint256 id, uint8 access, bytes32 data) external {
        _requireOwner(id);
        _checkAccess(access, _terms[id].joinStake);
        datanets[id].access = access;
        accessData[id] = data;
        emit AccessChanged(id, access, data);
    }

    /// @notice OPEN (1) or CLOSED (2): a closed Datanet takes no batches; its versions stay valid.
    function setState(uint256 id, uint8 state) external {
        _requireOwner(id);
        if ((state != OPEN && state != CLOSED) || datanets[id].state == MOVED) revert DatanetClosed(id);
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

    /// @notice A curator who takes it is one curator less besides the owner: another is named first where the quorum needs it.
    function takeOwnership(uint256 id) external {
        if (msg.sender != pendingOwner[id]) revert DatanetForbidden(id, msg.sender);
        address from = datanets[id].owner;
        datanets[id].owner = msg.sender;
        delete pendingOwner[id];
        _requireReachable(id);
        emit OwnerChanged(id, from, msg.sender);
    }

    function isCurator(uint256 id, address account) public view returns (bool) {
        return (account == datanets[id].owner && account != address(0)) || rolesOf[id][account] & CURATOR != 0;
    }

    /// @notice Accounts that are curators: those with the role, and the owner.
    function curatorCount(uint256 id) public view returns (uint256) {
        return uint256(_terms[id].curators) + (rolesOf[id][datanets[id].owner] & CURATOR == 0 ? 1 : 0);
    }

    function policies(uint256 id) external view returns (Policy memory) {
        Terms memory t = _terms[id];
        return Policy(t.joinStake, t.reviewPeriod, t.curatorQuorum, t.ownerBps, t.dedup);
    }

    /// @notice How many batches were ever proposed; batches are numbered from 1.
    function batchCount(uint256 id) external view returns (uint256) {
        return _terms[id].batches;
    }

    function _setTerms(uint256 id, Policy memory p) internal {
        Terms storage t = _terms[id];
        (t.joinStake, t.reviewPeriod, t.curatorQuorum) = (p.joinStake, p.reviewPeriod, p.curatorQuorum);
        (t.ownerBps, t.dedup) = (p.ownerBps, p.dedup);
    }

    function _countCurator(uint256 id, bool isAdded) private {
        if (isAdded) {
            ++_terms[id].curators;
        } else {
            --_terms[id].curators;
            _requireReachable(id);
        }
    }

    /// @dev A Datanet imported from a former registry may stand below its quorum until its owner has named curators anew.
    function _requireReachable(uint256 id) internal view {
        (uint256 have, uint256 quorum) = (curatorCount(id), _terms[id].curatorQuorum);
        if (quorum > have) revert DatanetQuorumUnreachable(have, quorum);
    }

    /// @dev How many curators stand behind `digest`: the caller, if one, and the signers, in ascending order of address.
    function _countApprovals(uint256 id, bytes32 digest, Approval[] calldata approvals)
        internal
        view
        returns (uint256 have)
    {
        have = isCurator(id, msg.sender) ? 1 : 0;
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
    }

    /// @dev At least one curator, or as many as the policy asks for.
    function _requireCurators(uint256 id, bytes32 digest, Approval[] calldata approvals) internal view {
        uint256 have = _countApprovals(id, digest, approvals);
        uint256 quorum = _terms[id].curatorQuorum;
        uint256 need = quorum == 0 ? 1 : quorum;
        if (have < need) revert DatanetQuorumMissing(have, need);
    }

    function _requireOpen(uint256 id) internal view {
        uint8 state = datanets[id].state;
        if (state == 0) revert DatanetUnknown(id);
        if (state != OPEN) revert DatanetClosed(id);
    }

    function _requireOwner(uint256 id) internal view {
        if (msg.sender != datanets[id].owner) revert DatanetForbidden(id, msg.sender);
    }

    /// @dev The contract that plays `name`; whoever needs it cannot go on without.
    function _part(bytes32 name) internal view returns (address part) {
        part = directory.addressOf(name);
        if (part == address(0)) revert DatanetPartMissing(name);
    }

    function _checkPolicy(Policy calldata policy, uint8 access) internal pure {
        if (policy.ownerBps > 10_000 || policy.reviewPeriod > 30 days) revert DatanetPolicyInvalid();
        _checkAccess(access, policy.joinStake);
    }

    function _checkAccess(uint8 access, uint96 joinStake) internal pure {
        if (access > ACCESS_PRIVATE) revert DatanetAccessUnknown(access);
        if (access == ACCESS_STAKE && joinStake == 0) revert DatanetPolicyInvalid();
    }
}
