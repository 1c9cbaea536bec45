// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {DatanetBatches} from "./DatanetBatches.sol";

/// @title DatanetRecords: leaves of rows, contributors' signatures, and tombstones
/// @notice Part of DatanetRegistry, whose header is the specification.
abstract contract DatanetRecords is DatanetBatches {
    error DatanetNotContributor(address contributor, address account);
    error DatanetRecordRetired(uint256 id, bytes32 leaf);

    event RecordRetired(uint256 indexed id, bytes32 indexed leaf, bytes32 reasonHash, address by);
    event ContributionRevoked(address indexed contributor, uint256 indexed nonce);

    /// @dev What a leaf binds: who, what and when. `contentHash` hides the text; the licence is the Datanet's.
    struct Record {
        address contributor;
        bytes32 contentHash;
        uint64 contributedAt;
    }

    /// @dev What a contributor signs: this content, to this Datanet, under this licence. The nonce tells signatures apart
    /// so that one can be taken back alone.
    struct Contribution {
        uint256 datanetId;
        bytes32 contentHash;
        bytes32 licenceHash;
        uint256 nonce;
    }

    bytes32 public constant RECORD_TYPE =
        keccak256("OpenLedger.Example(address contributor,bytes32 contentHash,uint64 contributedAt)");
    bytes32 public constant CONTRIBUTION_TYPEHASH =
        keccak256("Contribution(uint256 datanetId,bytes32 contentHash,bytes32 licenceHash,uint256 nonce)");
    bytes32 public constant RETIRE_TYPEHASH =
        keccak256("RetireRecords(uint256 id,bytes32 leavesHash,bytes32 reasonHash)");

    mapping(uint256 id => mapping(bytes32 leaf => bool)) internal _retired;
    /// @notice Whether a contributor took the signature with this nonce back.
    mapping(address contributor => mapping(uint256 nonce => bool)) public contributionRevoked;

    /// @notice Tombstones rows for a reason that `reasonHash` commits to: they go into no further version. Takes as many
    /// curators as accepting a batch does, because it takes income away.
    function retire(uint256 id, bytes32[] calldata leaves, bytes32 reasonHash, Approval[] calldata approvals) external {
        _requireCurators(id, retireDigest(id, leaves, reasonHash), approvals);
        for (uint256 i; i < leaves.length; ++i) _retire(id, leaves[i], reasonHash);
    }

    /// @notice Tombstones the caller's own rows; nobody's leave is needed.
    function withdrawRecords(uint256 id, Record[] calldata records) external {
        for (uint256 i; i < records.length; ++i) {
            address contributor = records[i].contributor;
            if (contributor != msg.sender) revert DatanetNotContributor(contributor, msg.sender);
            _retire(id, leafOf(records[i]), "withdrawn by contributor");
        }
    }

    /// @notice Takes back every signature with `nonce` of the caller, so that no row may be built on it any more.
    function revokeContribution(uint256 nonce) external {
        contributionRevoked[msg.sender][nonce] = true;
        emit ContributionRevoked(msg.sender, nonce);
    }

    /// @notice Whether `contributor` (account or EIP-1271 contract) signed `c` and has not taken it back.
    function isContribution(address contributor, Contribution calldata c, bytes calldata signature)
        external
        view
        returns (bool)
    {
        return !contributionRevoked[contributor][c.nonce]
            && SignatureChecker.isValidSignatureNowCalldata(contributor, contributionDigest(c), signature);
    }

    /// @notice The digest that a contributor signs.
    function contributionDigest(Contribution calldata c) public view returns (bytes32) {
        return _hashTypedDataV4(
            keccak256(abi.encode(CONTRIBUTION_TYPEHASH, c.datanetId, c.contentHash, c.licenceHash, c.nonce))
        );
    }

    /// @notice The digest that a curator signs to retire `leaves`.
    function retireDigest(uint256 id, bytes32[] calldata leaves, bytes32 reasonHash) public view returns (bytes32) {
        bytes32 leavesHash = keccak256(abi.encodePacked(leaves));
        return _hashTypedDataV4(keccak256(abi.encode(RETIRE_TYPEHASH, id, leavesHash, reasonHash)));
    }

    /// @notice The leaf of a row: hashed twice, so that no inner node passes for one.
    function leafOf(Record calldata r) public pure returns (bytes32) {
        bytes memory words = abi.encode(RECORD_TYPE, r.contributor, r.contentHash, r.contributedAt);
        return keccak256(bytes.concat(keccak256(words)));
    }

    function _retire(uint256 id, bytes32 leaf, bytes32 reasonHash) private {
        if (_retired[id][leaf]) revert DatanetRecordRetired(id, leaf);
        _retired[id][leaf] = true;
        emit RecordRetired(id, leaf, reasonHash, msg.sender);
    }
}
