// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatanetRegistry} from "../../src/DatanetRegistry.sol";
import {DatanetBook} from "../../src/datanets/DatanetBook.sol";
import {Std} from "./Std.sol";

/// @dev Random acts of owners, curators, members and strangers on three Datanets, and what their history should be.
contract DatanetHandler is Std {
    DatanetRegistry public immutable registry;
    DatanetBook.Approval[] private none;
    bytes32[] private noProof;
    mapping(uint256 id => bytes32) public head;
    mapping(uint256 id => uint256) public versions;
    mapping(uint256 id => uint256) public records;
    mapping(uint256 id => mapping(uint256 batch => bool)) public decided;
    bool public decidedTwice;
    address[4] private _people = [address(0xd1), address(0xd2), address(0xd3), address(0xd4)];

    constructor(DatanetRegistry registry_) {
        registry = registry_;
        for (uint16 quorum; quorum < 3; ++quorum) {
            vm.prank(_people[0]);
            registry.create(DatanetBook.Policy(0, 1 hours, quorum % 2, 0, 1), uint8(quorum == 2 ? 4 : 0), "");
        }
        vm.startPrank(_people[0]);
        registry.setRole(3, _people[1], 1);
        registry.setPolicy(3, DatanetBook.Policy(0, 1 hours, 2, 0, 1));
        vm.stopPrank();
    }

    function propose(uint256 id, uint256 who, bytes32 root, uint32 count) external {
        vm.prank(_people[who % 4]);
        registry.propose(_id(id), root, count, "");
    }

    function commit(uint256 id, uint256 who, bytes32 root, uint32 count) external {
        id = _id(id);
        vm.prank(_people[who % 4]);
        uint256 batch = registry.commit(id, root, count, "");
        _accepted(id, batch, root, count);
    }

    function accept(uint256 id, uint256 batch, uint256 who) external {
        id = _id(id);
        batch = 1 + batch % (registry.batchCount(id) + 1);
        (bytes32 root,,, uint32 count,) = registry.batches(id, batch);
        vm.prank(_people[who % 4]);
        registry.accept(id, batch, none);
        _accepted(id, batch, root, count);
    }

    function reject(uint256 id, uint256 batch, uint256 who) external {
        id = _id(id);
        batch = 1 + batch % (registry.batchCount(id) + 1);
        vm.prank(_people[who % 4]);
        registry.reject(id, batch, 0);
        _decide(id, batch);
    }

    /// @dev Proposes and decides at once, so that histories grow whatever the other calls do.
    function cycle(uint256 id, bytes32 root, uint32 count, bool good) external {
        id = _id(id);
        vm.startPrank(_people[0]);
        uint256 batch = registry.propose(id, root, count, "");
        vm.stopPrank();
        vm.prank(_people[0]);
        if (!good) {
            registry.reject(id, batch, 0);
            return _decide(id, batch);
        }
        registry.accept(id, batch, none);
        _accepted(id, batch, root, count);
    }

    function membership(uint256 id, uint256 who, bool join) external {
        vm.prank(_people[who % 4]);
        if (join) registry.join(_id(id), noProof);
        else registry.leave(_id(id));
    }

    function setRole(uint256 id, uint256 by, uint256 who, uint256 roles) external {
        vm.prank(_people[by % 4]);
        registry.setRole(_id(id), _people[who % 4], roles % 8);
    }

    function setState(uint256 id, uint256 by, uint8 state) external {
        vm.prank(_people[by % 4]);
        registry.setState(_id(id), 1 + state % 3);
    }

    function setPolicy(uint256 id, uint256 by, uint16 quorum) external {
        vm.prank(_people[by % 4]);
        registry.setPolicy(_id(id), DatanetBook.Policy(0, 1 hours, quorum % 4, 0, 1));
    }

    function offer(uint256 id, uint256 from, uint256 to) external {
        vm.prank(_people[from % 4]);
        registry.offerOwnership(_id(id), _people[to % 4]);
        vm.prank(_people[to % 4]);
        registry.takeOwnership(_id(id));
    }

    function wait(uint256 time) external {
        vm.warp(block.timestamp + time % 2 hours);
    }

    /// @dev Counted one by one, as the registry does not.
    function curatorsOf(uint256 id) external view returns (uint256 curators) {
        for (uint256 i; i < _people.length; ++i) {
            if (registry.isCurator(id, _people[i])) ++curators;
        }
    }

    function _accepted(uint256 id, uint256 batch, bytes32 root, uint32 count) private {
        _decide(id, batch);
        head[id] = keccak256(abi.encode(head[id], root, uint256(count)));
        versions[id] += 1;
        records[id] += count;
    }

    function _decide(uint256 id, uint256 batch) private {
        if (decided[id][batch]) decidedTwice = true;
        decided[id][batch] = true;
    }

    function _id(uint256 id) private pure returns (uint256) {
        return 1 + id % 3;
    }
}
