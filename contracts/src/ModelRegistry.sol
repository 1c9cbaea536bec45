// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ModelRegistry: models, their lineage, their versions and how their revenue is split
/// @notice
/// PURPOSE      Records who owns a model, what it was trained from, one hash (`head`) that commits to every published
///              version, and the split of what its inferences earn after the protocol fee.
/// ROYALTIES    A base's owner sets what part of a child's `model` share goes to the base. What holds when a child's version
///              is published is frozen for that version. Longer chains (at most MAX_DEPTH) are walked off-chain: each base
///              passes on its own base's part of what it receives, so that no chain takes more than the model's share.
/// TRUST        The owner of a model decides about that model only. There is no administrator, and no end: a successor is
///              whatever registry the directory names, and heads here stay valid history.
/// UNITS        Splits in basis points of the price paid; the five parts sum to 10,000 - PROTOCOL_FEE_BPS. That is the fee
///              at deployment: when governance sets another one in Params, parts are proportions of what is left.
///              Royalties in basis points of the child's model share.
/// ROUNDING     None here; the epoch builder divides by largest remainder.
/// ASSUMPTIONS  Hashes name content kept off-chain. That a version really was trained as `trainConfigHash` says is
///              reproducible and contestable, not proven by this contract.
/// CANNOT HAPPEN  Lineage has no cycles (a base exists before its child and ids only grow) and no more than MAX_DEPTH
///              levels; data contributors never get less than MIN_DATA_BPS; a split or royalty never changes sooner than
///              SPLIT_DELAY after it was announced, and a royalty never for a version that is published.
contract ModelRegistry {
    error ModelUnknown(uint256 id);
    error ModelForbidden(uint256 id, address account);
    error ModelRetired(uint256 id);
    error ModelBaseInvalid(uint256 base, uint256 baseVersion);
    error ModelSplitInvalid(uint256 sum, uint256 expected);
    error ModelSplitDataTooLow(uint256 data, uint256 minimum);
    error ModelVersionInvalid();
    error ModelConfigInvalid();
    error ModelLineageTooDeep(uint256 base);
    error ModelRoyaltyTooHigh(uint256 bps, uint256 maximum);

    event ModelRegistered(
        uint256 indexed id, address indexed owner, uint256 indexed base, uint8 kind, Split split, string metaCid
    );
    event VersionPublished(
        uint256 indexed id, uint32 indexed number, bytes32 versionHash, bytes32 head, Version version, string cid
    );
    event SplitAnnounced(uint256 indexed id, Split split, uint40 effectiveAt);
    event RoyaltyAnnounced(uint256 indexed id, uint16 bps, uint40 effectiveAt);
    event RoyaltyFrozen(uint256 indexed id, uint32 indexed number, uint256 indexed base, uint16 bps);
    event ModelStateSet(uint256 indexed id, uint8 state);
    event OwnershipOffered(uint256 indexed id, address indexed to);
    event OwnerChanged(uint256 indexed id, address indexed from, address indexed to);

    struct Model {
        address owner;
        uint32 versions;
        uint32 base;
        uint8 kind; // 1 base model, 2 LoRA adapter, 3 merged model
        uint8 state; // 1 live, 2 retired
        bytes32 head;
    }

    struct Split {
        uint16 data;
        uint16 model;
        uint16 app;
        uint16 infra;
        uint16 validators;
    }

    /// @dev `baseVersion` numbers a version of the base model (0 without base); `datanetHeadsRoot` is the Merkle root
    /// of the Datanet heads trained on.
    struct Version {
        uint32 baseVersion;
        bytes32 datanetHeadsRoot;
        bytes32 trainConfigHash;
        bytes32 adapterHash;
        bytes32 evalHash;
        bytes32 licenceHash;
    }

    /// @dev One slot: the announced split and the time from which it holds.
    struct Announced {
        uint16 data;
        uint16 model;
        uint16 app;
        uint16 infra;
        uint16 validators;
        uint40 effectiveAt;
    }

    /// @dev One slot: the royalty that holds, and the announced one that holds from `effectiveAt` on.
    struct Royalty {
        uint16 current;
        uint16 next;
        uint40 effectiveAt;
    }

    uint256 public constant MIN_DATA_BPS = 2_000;
    uint256 public constant MAX_ROYALTY_BPS = 5_000;
    uint256 public constant MAX_DEPTH = 4;
    uint8 public constant LIVE = 1;
    uint8 public constant RETIRED = 2;
    uint256 public immutable PROTOCOL_FEE_BPS;
    uint256 public immutable SPLIT_DELAY;

    uint256 public modelCount;
    mapping(uint256 id => Model) public models;
    mapping(uint256 id => Split) private _splits;
    mapping(uint256 id => Announced) public announcedSplits;
    mapping(uint256 id => address) public pendingOwner;
    mapping(uint256 id => Royalty) private _royalties;
    /// @notice What part of its model share a version owes to its base, frozen when it was published.
    mapping(uint256 id => mapping(uint32 number => uint16)) public frozenRoyaltyOf;

    /// @param protocolFeeBps the router's fee, at most 1,000 @param splitDelay seconds, 24 hours where money is real
    constructor(uint256 protocolFeeBps, uint256 splitDelay) {
        if (protocolFeeBps > 1_000 || splitDelay == 0) revert ModelConfigInvalid();
        PROTOCOL_FEE_BPS = protocolFeeBps;
        SPLIT_DELAY = splitDelay;
    }

    /// @notice Registers a model owned by the caller, without a version yet. `base` is 0 or an existing live model.
    function register(uint8 kind, uint256 base, Split calldata split, string calldata metaCid)
        public
        returns (uint256 id)
    {
        _checkSplit(split);
        if (kind == 0 || kind > 3) revert ModelConfigInvalid();
        id = ++modelCount;
        if (base != 0) _requireLineage(base);
        Model storage m = models[id];
        m.owner = msg.sender;
        m.base = uint32(base); // base < id, and ids count registrations: they cannot reach 2^32
        m.kind = kind;
        m.state = LIVE;
        _splits[id] = split;
        emit ModelRegistered(id, msg.sender, base, kind, split, metaCid);
    }

    /// @notice Publishes the next version of a model.
    function publish(uint256 id, Version calldata version, string calldata cid) public returns (uint32 number) {
        Model storage m = models[id];
        if (m.state == 0) revert ModelUnknown(id);
        if (m.owner != msg.sender) revert ModelForbidden(id, msg.sender);
        if (m.state != LIVE) revert ModelRetired(id);
        _checkBase(m.base, version.baseVersion);
        if (version.adapterHash == 0) revert ModelVersionInvalid();
        bytes32 versionHash = hashVersion(version);
        bytes32 head = keccak256(abi.encode(m.head, versionHash));
        number = ++m.versions;
        m.head = head;
        emit VersionPublished(id, number, versionHash, head, version, cid);
        if (m.base != 0) _freezeRoyalty(id, number, m.base);
    }

    /// @notice Registers and publishes the first version in one transaction: one wallet prompt for a finished training.
    function registerAndPublish(
        uint8 kind,
        uint256 base,
        Split calldata split,
        string calldata metaCid,
        Version calldata version,
        string calldata cid
    ) external returns (uint256 id) {
        id = register(kind, base, split, metaCid);
        publish(id, version, cid);
    }

    /// @notice Announces a new split; it holds from SPLIT_DELAY seconds on. A later announcement replaces one that does
    /// not hold yet.
    function setSplit(uint256 id, Split calldata split) external {
        if (models[id].owner != msg.sender) revert ModelForbidden(id, msg.sender);
        _checkSplit(split);
        Announced memory old = announcedSplits[id];
        if (old.effectiveAt != 0 && block.timestamp >= old.effectiveAt) _splits[id] = _toSplit(old);
        uint40 effectiveAt = uint40(block.timestamp + SPLIT_DELAY);
        announcedSplits[id] =
            Announced(split.data, split.model, split.app, split.infra, split.validators, effectiveAt);
        emit SplitAnnounced(id, split, effectiveAt);
    }

    /// @notice Announces what part of its model share a child published later owes to this model. It holds at once while
    /// this model has no version, and so can have no children; otherwise from SPLIT_DELAY seconds on, so that nobody
    /// publishes a child under terms that they could not see.
    function setRoyalty(uint256 id, uint16 bps) external {
        if (models[id].owner != msg.sender) revert ModelForbidden(id, msg.sender);
        if (bps > MAX_ROYALTY_BPS) revert ModelRoyaltyTooHigh(bps, MAX_ROYALTY_BPS);
        uint256 delay = models[id].versions == 0 ? 0 : SPLIT_DELAY;
        uint40 effectiveAt = uint40(block.timestamp + delay);
        _royalties[id] = Royalty(royaltyOf(id), bps, effectiveAt);
        emit RoyaltyAnnounced(id, bps, effectiveAt);
    }

    /// @notice LIVE (1) or RETIRED (2). A retired model takes no versions and cannot become a base.
    function setState(uint256 id, uint8 state) external {
        if (models[id].owner != msg.sender) revert ModelForbidden(id, msg.sender);
        if (state != LIVE && state != RETIRED) revert ModelConfigInvalid();
        models[id].state = state;
        emit ModelStateSet(id, state);
    }

    function offerOwnership(uint256 id, address to) external {
        if (models[id].owner != msg.sender) revert ModelForbidden(id, msg.sender);
        pendingOwner[id] = to;
        emit OwnershipOffered(id, to);
    }

    function takeOwnership(uint256 id) external {
        if (msg.sender != pendingOwner[id]) revert ModelForbidden(id, msg.sender);
        address from = models[id].owner;
        models[id].owner = msg.sender;
        delete pendingOwner[id];
        emit OwnerChanged(id, from, msg.sender);
    }

    /// @notice The split that holds now.
    function splitOf(uint256 id) external view returns (Split memory) {
        if (models[id].state == 0) revert ModelUnknown(id);
        Announced memory a = announcedSplits[id];
        if (a.effectiveAt != 0 && block.timestamp >= a.effectiveAt) return _toSplit(a);
        return _splits[id];
    }

    /// @notice The royalty that a child published now would owe, in basis points of its model share.
    function royaltyOf(uint256 id) public view returns (uint16) {
        Royalty memory r = _royalties[id];
        return block.timestamp >= r.effectiveAt ? r.next : r.current;
    }

    /// @notice keccak256 of the ABI-encoded version.
    function hashVersion(Version calldata version) public pure returns (bytes32) {
        return keccak256(abi.encode(version));
    }

    function _freezeRoyalty(uint256 id, uint32 number, uint256 base) private {
        uint16 bps = royaltyOf(base);
        if (bps == 0) return;
        frozenRoyaltyOf[id][number] = bps;
        emit RoyaltyFrozen(id, number, base, bps);
    }

    /// @dev Every chain is at most MAX_DEPTH long, so the walk is too.
    function _requireLineage(uint256 base) private view {
        if (models[base].state != LIVE) revert ModelBaseInvalid(base, 0);
        uint256 depth;
        for (uint256 id = base; id != 0; id = models[id].base) ++depth;
        if (depth > MAX_DEPTH) revert ModelLineageTooDeep(base);
    }

    function _checkBase(uint256 base, uint256 baseVersion) private view {
        bool ok = base == 0 ? baseVersion == 0 : baseVersion != 0 && baseVersion <= models[base].versions;
        if (!ok) revert ModelBaseInvalid(base, baseVersion);
    }

    function _checkSplit(Split calldata s) private view {
        uint256 sum = uint256(s.data) + s.model + s.app + s.infra + s.validators;
        if (sum != 10_000 - PROTOCOL_FEE_BPS) revert ModelSplitInvalid(sum, 10_000 - PROTOCOL_FEE_BPS);
        if (s.data < MIN_DATA_BPS) revert ModelSplitDataTooLow(s.data, MIN_DATA_BPS);
    }

    function _toSplit(Announced memory a) private pure returns (Split memory) {
        return Split(a.data, a.model, a.app, a.infra, a.validators);
    }
}
