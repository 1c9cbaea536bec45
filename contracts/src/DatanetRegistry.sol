// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {DatanetBook} from "./datanets/DatanetBook.sol";
import {DatanetDuplicates} from "./datanets/DatanetDuplicates.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";

/// @title DatanetRegistry: community datasets and the history of their versions
/// @notice
/// PURPOSE      Records who owns a Datanet, who may decide about it, and one hash (`head`) per version that commits to
///              every batch ever accepted: head' = keccak256(abi.encode(head, root, count)), from head = 0.
/// PARTS        datanets/DatanetBook (owners, roles, terms), DatanetMembers (join, leave, stake), DatanetBatches (propose,
///              accept), DatanetRecords (leaves, contributors' signatures, tombstones), DatanetDuplicates. One contract.
/// RECORDS      A row's leaf binds contributor, content hash and time. A contributor signs each contribution, so that no
///              curator can put words into their mouth; the registry only keeps which signatures were taken back.
///              Tombstones take curators as accepting does, or the contributor alone for rows of their own; what has one
///              goes into no further version. Receipts of models trained before say what they said.
/// DUPLICATES   Two accepted batches, one content, two names: the later one is a copy. Not so simple, because a batch may
///              repeat older rows (our own versions are whole snapshots): in batch 5 an original of batch 1 stands after
///              a thief's copy in batch 3. So the proof names the earliest batch that the prover knows and may be answered
///              by an earlier one: then the proof falls, or the blame moves to whoever brought the row in first. A batch
///              proposed within RACE_MARGIN of the original is never a copy; the same person repeating themselves is none.
/// TRUST        The owner and those whom the owner gives roles decide about their own Datanet only. Nobody can alter an
///              accepted batch or a past head. There is no administrator of the registry. For a wrong proof of a copy to
///              stand, nobody at all may have answered it within `rebuttalSeconds`; a later answer restores the row, not
///              the stake. The directory says where Params, StakePools and Treasury are.
/// UNITS        `count` and `records` are rows, as often as they were committed; periods in seconds; `ownerBps` in
///              1/10,000; `joinStake` in wei of OPEN.
/// ROUNDING     A slash of an odd rate gives the half basis point to the treasury.
/// ASSUMPTIONS  Rows live off-chain under `dataCid`; `root` is the Merkle root of their leaves (double-hashed, sorted
///              pairs). The chain does not check that the rows are good, only who said so. Copies are found by content
///              hash: a salt per row would hide them, so a Datanet that wants them found salts all rows alike. Stake
///              answers while it is there or unbonding: unbondingSeconds less rebuttalSeconds after it left. Who proposes
///              under stake must be able to fetch the rows of all batches before: an original that nobody could read
///              still makes a copy.
/// CANNOT HAPPEN  A version number never falls; a batch is never accepted twice nor after rejection; a signature counts
///              for one batch of one Datanet on one chain; one curator never counts twice for a quorum; no
///              change of policy, role or owner leaves a quorum that its curators cannot reach; a batch costs its
///              proposer at most one slash, and nobody else a wei; a row shown no later than the original stays no copy;
///              a Datanet moved to a successor never changes here again.
contract DatanetRegistry is DatanetDuplicates {
    error DatanetRegistryClosed();
    error DatanetNotMoved(uint256 id);

    event DatanetCreated(uint256 indexed id, address indexed owner, uint8 access, Policy policy, string metaCid);
    event DatanetMoved(uint256 indexed id, address indexed successor);
    event DatanetImported(uint256 indexed id, address indexed owner, uint16 version, bytes32 head);

    /// @notice The registry before this one, whose Datanets keep their numbers here; 0 when this is the first.
    DatanetRegistry public immutable predecessor;
    mapping(uint256 id => address successor) public movedTo;

    constructor(IDirectory directory_, DatanetRegistry predecessor_)
        EIP712("DatanetRegistry", "1")
        DatanetBook(directory_)
    {
        predecessor = predecessor_;
    }

    /// @notice Creates a Datanet owned by the caller. Anyone may, until the directory ends this registry. The owner is its
    /// only curator yet, so a higher quorum is set once there are more.
    function create(Policy calldata policy, uint8 access, string calldata metaCid) external returns (uint256 id) {
        _checkPolicy(policy, access);
        if (directory.isSunset(address(this))) revert DatanetRegistryClosed();
        if (datanetCount == 0) datanetCount = _inherited();
        id = ++datanetCount;
        Datanet storage d = datanets[id];
        d.owner = msg.sender;
        d.access = access;
        d.state = OPEN;
        _setTerms(id, policy);
        _requireReachable(id);
        emit DatanetCreated(id, msg.sender, access, policy, metaCid);
    }

    /// @notice Hands the Datanet to the registry that the directory now names, once this one is ended. Its head stands
    /// still here from then on.
    function moveTo(uint256 id, address successor) external {
        _requireOwner(id);
        bool named = successor != address(this) && successor == directory.addressOf(keccak256("DatanetRegistry"));
        if (!named || !directory.isSunset(address(this))) revert DatanetNotMoved(id);
        if (datanets[id].state == MOVED) revert DatanetClosed(id);
        datanets[id].state = MOVED;
        movedTo[id] = successor;
        emit DatanetMoved(id, successor);
    }

    /// @notice Takes over a Datanet that its owner moved here: number, owner, terms, head and counts. Anyone may call.
    /// Roles and memberships are given anew; duplicates among older batches stay the old registry's.
    function importDatanet(uint256 id) external {
        bool moved = address(predecessor) != address(0) && predecessor.movedTo(id) == address(this);
        if (!moved || datanets[id].state != 0) revert DatanetNotMoved(id);
        (address owner, uint64 records, uint16 version, uint8 access,, bytes32 head) = predecessor.datanets(id);
        datanets[id] = Datanet(owner, records, version, access, OPEN, head);
        accessData[id] = predecessor.accessData(id);
        _setTerms(id, predecessor.policies(id));
        _terms[id].batches = uint32(predecessor.batchCount(id));
        emit DatanetImported(id, owner, version, head);
    }

    /// @dev The predecessor's count is final only when it takes no new Datanets.
    function _inherited() private view returns (uint256) {
        if (address(predecessor) == address(0)) return 0;
        if (!directory.isSunset(address(predecessor))) revert DatanetRegistryClosed();
        return predecessor.datanetCount();
    }
}
