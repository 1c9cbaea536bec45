// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {DatanetRegistry} from "../../src/DatanetRegistry.sol";
import {Directory} from "../../src/Directory.sol";
import {Params} from "../../src/Params.sol";
import {StakePools} from "../../src/StakePools.sol";
import {DatanetBook} from "../../src/datanets/DatanetBook.sol";
import {DatanetDuplicates} from "../../src/datanets/DatanetDuplicates.sol";
import {DatanetRecords} from "../../src/datanets/DatanetRecords.sol";
import {PoolIds} from "../../src/lib/PoolIds.sol";
import {Std} from "./Std.sol";
import {PlainOpen} from "./Tokens.sol";

/// @dev A registry with real directory, parameters and stake pools; and batches of two rows, whose proofs are one word.
abstract contract DatanetSetup is Std {
    DatanetRegistry internal registry;
    Directory internal directory;
    Params internal params;
    StakePools internal pools;
    PlainOpen internal token;
    DatanetBook.Approval[] internal none;
    bytes32[] internal noProof;
    address internal constant FAST = address(0x7001);
    address internal constant GUARDIAN = address(0x7002);
    address internal constant TREASURY = address(0x7003);
    address internal constant OWNER = address(0x2001);
    address internal constant PROPOSER = address(0x2002);
    address internal constant STRANGER = address(0x2003);
    address internal constant ALICE = address(0x2101);
    address internal constant THIEF = address(0x2102);
    bytes32 internal constant ROOT = keccak256("root");
    bytes32 internal constant OTHER = keccak256("another row");

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        directory = new Directory(address(this));
        params = new Params(FAST, 1);
        token = new PlainOpen(address(this));
        pools = new StakePools(token, directory, params, GUARDIAN);
        registry = new DatanetRegistry(directory, DatanetRegistry(address(0)));
        directory.set(keccak256("Params"), address(params));
        directory.set(keccak256("StakePools"), address(pools));
        directory.set(keccak256("DatanetRegistry"), address(registry));
        directory.set(keccak256("Treasury"), TREASURY);
        token.approve(address(pools), type(uint256).max);
    }

    function _policy(uint96 stake, uint16 quorum, uint32 period)
        internal
        pure
        returns (DatanetBook.Policy memory)
    {
        return DatanetBook.Policy(stake, period, quorum, 500, 1);
    }

    function _create(uint16 quorum) internal returns (uint256) {
        vm.prank(OWNER);
        uint256 id = registry.create(_policy(0, quorum < 1 ? 0 : 1, 1 hours), 0, "ipfs://meta");
        if (quorum > 1) _askFor(id, quorum);
        return id;
    }

    /// @dev A quorum with curators enough to reach it, none of whom says a word.
    function _askFor(uint256 id, uint16 quorum) internal {
        for (uint160 i = 1; i < quorum; ++i) {
            _setRole(id, address(0x3000 + i), 1);
        }
        vm.prank(OWNER);
        registry.setPolicy(id, _policy(0, quorum, 1 hours));
    }

    function _setRole(uint256 id, address account, uint256 roles) internal {
        vm.prank(OWNER);
        registry.setRole(id, account, roles);
    }

    function _stake(uint256 id, address account, uint96 amount) internal {
        pools.stake(PoolIds.datanet(id), amount, account);
    }

    function _record(address contributor, bytes32 content) internal pure returns (DatanetRecords.Record memory) {
        return DatanetRecords.Record(contributor, content, 1_800_000_000);
    }

    /// @dev A batch of `record` and one more row, proposed by `proposer` and accepted by the owner.
    function _accepted(uint256 id, DatanetRecords.Record memory record, address proposer)
        internal
        returns (DatanetDuplicates.Evidence memory e)
    {
        e.record = record;
        e.proof = new bytes32[](1);
        e.proof[0] = OTHER;
        bytes32 root = Hashes.commutativeKeccak256(registry.leafOf(record), OTHER);
        vm.prank(proposer);
        e.batch = registry.propose(id, root, 2, "cid");
        vm.prank(OWNER);
        registry.accept(id, e.batch, none);
    }

    function _approval(uint256 key, bytes32 digest) internal pure returns (DatanetBook.Approval[] memory list) {
        list = new DatanetBook.Approval[](1);
        list[0] = DatanetBook.Approval(vm.addr(key), signLong(key, digest));
    }
}
