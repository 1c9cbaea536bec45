// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bounties} from "../../src/Bounties.sol";
import {ModelRegistry} from "../../src/ModelRegistry.sol";
import {BountySetup} from "./BountySetup.sol";
import {PlainOpen} from "./Tokens.sol";

/// @dev Random acts of sponsors, a curator and a judge on bounties of both kinds, and what each paid in and got out.
contract BountyHandler is BountySetup {
    uint256 private _rows;
    uint256 public count;
    string public broken;
    mapping(uint256 id => uint256) public paidIn;
    mapping(uint256 id => uint256) public paidOut;
    mapping(uint256 id => mapping(address sponsor => uint256)) public given;
    mapping(uint256 id => mapping(address sponsor => uint256)) public back;
    mapping(uint256 id => mapping(uint256 award => address[])) private _payees;
    address[3] private _sponsors = [address(0xe1), address(0xe2), address(0xe3)];

    function begin() external {
        require(count == 0);
        _begin(new PlainOpen(address(this)));
        this.open(true, 0, 4_000, 3 ether);
        this.open(false, 0, 0, 7);
    }

    function held() external view returns (uint256) {
        return token.balanceOf(address(bounties));
    }

    function escrow() external view returns (Bounties) {
        return bounties;
    }

    function sponsorAt(uint256 i) public view returns (address) {
        return _sponsors[i % 3];
    }

    function open(bool data, uint96 target, uint16 firm, uint96 amount) external {
        if (count == 8) return;
        Bounties.Terms memory terms = data ? _dataTerms() : _runTerms();
        terms.firmBps = firm % 10_001;
        if (data) terms.unit = uint96(bound(amount, 1, 5 ether) / 3 + 1);
        terms.target = data ? target % 1 ether : uint96(bound(target, 1, 1 ether));
        amount = uint96(bound(amount, 1, 100 ether));
        count = bounties.open(GOAL, terms, amount);
        _note(count, address(this), amount);
    }

    function fund(uint256 id, uint256 who, uint96 amount) external {
        id = _id(id);
        amount = uint96(bound(amount, 1, 100 ether));
        if (block.timestamp > bounties.bounties(id).terms.fundUntil) return;
        _give(id, sponsorAt(who), amount);
        _note(id, sponsorAt(who), amount);
    }

    /// @dev Whoever may, awards, when it is the time for it.
    function award(uint256 id, bool twice) external {
        id = _id(id);
        Bounties.Bounty memory b = bounties.bounties(id);
        if (b.terms.datanetId == 0) return _awardRun(id);
        (Bounties.Snapshot memory snapshot, Bounties.Row[] memory rows) =
            _version(_record(sponsorAt(_rows), ++_rows), _record(ALICE, ++_rows));
        vm.prank(OWNER);
        try bounties.awardRows(id, snapshot, rows) returns (uint256 number) {
            _payees[id][number] = _pair(rows[0].record.contributor, ALICE);
        } catch {
            return;
        }
        if (!twice) return;
        vm.prank(OWNER);
        try bounties.awardRows(id, snapshot, rows) {
            broken = "a row twice";
        } catch {}
    }

    function _awardRun(uint256 id) private {
        (bytes32 before, ModelRegistry.Version memory version) = _publish("evaluation");
        vm.prank(JUDGE);
        try bounties.awardRun(id, model, before, version) returns (uint256 number) {
            _payees[id][number] = _one(TRAINER);
        } catch {}
    }

    function object(uint256 id, uint256 number, uint256 who) external {
        id = _id(id);
        uint256 awards = bounties.bounties(id).awards;
        if (awards == 0) return;
        number = 1 + number % awards;
        address sponsor = who % 4 == 3 ? address(this) : sponsorAt(who);
        uint256 part = bounties.partOf(id, number, sponsor);
        (,,, uint40 payableAt,) = bounties.awards(id, number);
        vm.prank(sponsor);
        try bounties.object(id, number, "") returns (uint96 taken) {
            if (taken != part || block.timestamp >= payableAt) broken = "an objection too late or too much";
            back[id][sponsor] += taken;
            paidOut[id] += taken;
        } catch {
            if (part != 0 && block.timestamp < payableAt) broken = "an objection refused";
        }
    }

    function pay(uint256 id, uint256 number) external {
        id = _id(id);
        uint256 awards = bounties.bounties(id).awards;
        if (awards == 0) return;
        number = 1 + number % awards;
        (,,, uint40 payableAt, bool paid) = bounties.awards(id, number);
        uint256 before = token.balanceOf(address(bounties));
        try bounties.pay(id, number, _payees[id][number]) returns (uint96 amount) {
            if (paid || block.timestamp < payableAt) broken = "paid twice or too early";
            if (before - token.balanceOf(address(bounties)) != amount) broken = "paid another amount";
            paidOut[id] += amount;
        } catch {
            if (!paid && block.timestamp >= payableAt) broken = "a payment refused";
        }
    }

    function refund(uint256 id, uint256 who) external {
        id = _id(id);
        address sponsor = who % 4 == 3 ? address(this) : sponsorAt(who);
        (uint96 amount, bool refunded) = bounties.gifts(id, sponsor);
        try bounties.refund(id, sponsor) returns (uint96 taken) {
            if (refunded) broken = "refunded twice";
            back[id][sponsor] += taken;
            paidOut[id] += taken;
        } catch {
            if (bounties.isOver(id) && amount != 0 && !refunded) broken = "a refund refused";
        }
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1 hours, 3 days));
    }

    function payeesOf(uint256 id, uint256 number) external view returns (address[] memory) {
        return _payees[id][number];
    }

    function _note(uint256 id, address sponsor, uint96 amount) private {
        paidIn[id] += amount;
        given[id][sponsor] += amount;
    }

    function _id(uint256 id) private view returns (uint256) {
        return 1 + id % count;
    }
}
