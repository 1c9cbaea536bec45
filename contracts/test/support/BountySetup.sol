// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {AttributionLedger} from "../../src/AttributionLedger.sol";
import {Bounties} from "../../src/Bounties.sol";
import {DatanetRegistry} from "../../src/DatanetRegistry.sol";
import {Directory} from "../../src/Directory.sol";
import {ModelRegistry} from "../../src/ModelRegistry.sol";
import {Params} from "../../src/Params.sol";
import {DatanetBook} from "../../src/datanets/DatanetBook.sol";
import {DatanetRecords} from "../../src/datanets/DatanetRecords.sol";
import {LedgerSetup} from "./LedgerSetup.sol";

/// @dev Bounties over real registries and a real ledger; a Datanet of OWNER and a model of TRAINER.
abstract contract BountySetup is LedgerSetup {
    Bounties internal bounties;
    IERC20 internal token;
    DatanetRegistry internal registry;
    ModelRegistry internal models;
    AttributionLedger internal ledger;
    Directory internal directory;
    uint64 internal datanet;
    uint256 internal model;
    bytes32[] internal heads; // of the Datanet, oldest first
    bytes32 internal modelHead;
    address internal constant OWNER = address(0xb001);
    address internal constant JUDGE = address(0xb002);
    address internal constant TRAINER = address(0xb003);
    address internal constant GUARDIAN = address(0xb004);
    address internal constant STRANGER = address(0xb005);
    address internal constant ALICE = address(0xb101);
    address internal constant BOB = address(0xb102);
    bytes32 internal constant GOAL = keccak256("rows about bridges");
    uint96 internal constant UNIT = 10 ether;

    function _begin(IERC20 token_) internal {
        vm.warp(1_800_000_000);
        token = token_;
        directory = _newDirectory(address(0xc0));
        registry = new DatanetRegistry(directory, DatanetRegistry(address(0)));
        models = new ModelRegistry(500, 1 days);
        ledger = _newLedger(token, 10 ether, 1 ether, address(0xc0), GUARDIAN, address(0xd0));
        bounties = new Bounties(token, GUARDIAN, directory, new Params(address(this), 1), registry, models, ledger);
        token.approve(address(bounties), type(uint256).max);
        vm.prank(OWNER);
        datanet = uint64(registry.create(DatanetBook.Policy(0, 0, 1, 0, 1), 0, ""));
        heads.push(0);
        vm.prank(TRAINER);
        model = models.register(2, 0, ModelRegistry.Split(5_000, 4_500, 0, 0, 0), "");
    }

    function _dataTerms() internal view returns (Bounties.Terms memory) {
        uint40 time = uint40(block.timestamp);
        return Bounties.Terms(datanet, address(0), UNIT, 0, time + 1 days, time + 10 days, 2 days, 4_000);
    }

    function _runTerms() internal view returns (Bounties.Terms memory) {
        uint40 time = uint40(block.timestamp);
        return Bounties.Terms(0, JUDGE, 0, 100 ether, time + 1 days, time + 10 days, 2 days, 0);
    }

    function _give(uint256 id, address sponsor, uint96 amount) internal {
        token.transfer(sponsor, amount);
        vm.prank(sponsor);
        token.approve(address(bounties), amount);
        vm.prank(sponsor);
        bounties.fund(id, amount);
    }

    function _record(address who, uint256 number) internal view returns (DatanetRecords.Record memory) {
        return DatanetRecords.Record(who, keccak256(abi.encode(number)), uint64(block.timestamp));
    }

    /// @dev A new version of two rows; each one's proof is the other's leaf.
    function _version(DatanetRecords.Record memory a, DatanetRecords.Record memory b)
        internal
        returns (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows)
    {
        rows = new Bounties.Row[](2);
        (rows[0].record, rows[1].record) = (a, b);
        (rows[0].proof, rows[1].proof) = (new bytes32[](1), new bytes32[](1));
        (rows[0].proof[0], rows[1].proof[0]) = (registry.leafOf(b), registry.leafOf(a));
        bytes32 root = Hashes.commutativeKeccak256(rows[0].proof[0], rows[1].proof[0]);
        snapshot = Bounties.Snapshot(heads[heads.length - 1], root, 2);
        vm.prank(OWNER);
        registry.commit(datanet, root, 2, "");
        heads.push(keccak256(abi.encode(snapshot.previousHead, root, uint256(2))));
    }

    function _publish(bytes32 evalHash)
        internal
        returns (bytes32 previousHead, ModelRegistry.Version memory version)
    {
        version = ModelRegistry.Version(0, "heads", "config", "adapter", evalHash, "licence");
        previousHead = modelHead;
        vm.prank(TRAINER);
        models.publish(model, version, "");
        modelHead = keccak256(abi.encode(previousHead, keccak256(abi.encode(version))));
    }

    function _pair(address a, address b) internal pure returns (address[] memory payees) {
        payees = new address[](2);
        (payees[0], payees[1]) = (a, b);
    }

    function _one(address a) internal pure returns (address[] memory payees) {
        payees = new address[](1);
        payees[0] = a;
    }

    function _left(uint256 id) internal view returns (uint96) {
        return bounties.bounties(id).left;
    }
}
