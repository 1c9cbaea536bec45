// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TransientLock} from "../src/lib/TransientLock.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {Directory} from "../src/Directory.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {LedgerSetup} from "./support/LedgerSetup.sol";
import {HostileOpen} from "./support/Tokens.sol";
import {Tree} from "./support/Tree.sol";

/// @dev A token that calls back in the middle of a transfer, before or after balances move: every money path called
/// from every money path must refuse, and the outer call must come out right.
contract ReentrancyTest is LedgerSetup {
    HostileOpen private token;
    AttributionLedger private ledger;
    InferenceChannels private channels;
    bytes32 private id;
    bytes32[] private nodes;
    uint256 private constant SESSION = 0x5e55;
    address private constant ALICE = address(0xf001);
    address private constant COURT = address(0xf002);
    bytes32 private constant RECEIPTS = keccak256("receipts");

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new HostileOpen(address(this));
        channels = new InferenceChannels(token, address(0xfe02), new Directory(address(this)));
        ledger = _newLedger(token, 10 ether, 1 ether, COURT, address(0xfe02), address(0xfe03));
        token.approve(address(channels), type(uint256).max);
        token.approve(address(ledger), type(uint256).max);
        id = channels.open(address(this), vm.addr(SESSION), 15 minutes, 0, 10 ether);
        ledger.fund(10 ether, 0);
        ledger.postBond(30 ether);
        bytes32[] memory leaves = new bytes32[](2);
        (leaves[0], leaves[1]) = (Tree.leaf(ALICE, 4 ether), Tree.leaf(address(this), 1 ether));
        nodes = Tree.build(leaves);
        ledger.submit(0, nodes[0], RECEIPTS, 5 ether, "");
        vm.warp(block.timestamp + 1 days);
        ledger.submit(1, nodes[0], RECEIPTS, 5 ether, "");
    }

    function testFuzz_ledger_claim_is_not_reentered(uint256 inner, bool before) public {
        _arm(inner, before);
        ledger.claim(1, ALICE, 4 ether, Tree.proof(nodes, 0, RECEIPTS));
        _refused();
        assertEq(token.balanceOf(ALICE), 4 ether, "once");
    }

    function testFuzz_ledger_claim_many_is_not_reentered(uint256 inner, bool before) public {
        LedgerTypes.Claim[] memory rows = new LedgerTypes.Claim[](2);
        rows[0] = LedgerTypes.Claim(1, ALICE, 4 ether, Tree.proof(nodes, 0, RECEIPTS));
        rows[1] = LedgerTypes.Claim(1, address(this), 1 ether, Tree.proof(nodes, 1, RECEIPTS));
        _arm(inner, before);
        assertEq(ledger.claimMany(rows), 5 ether, "sum");
        _refused();
    }

    /// @dev The account is this contract, which agrees to whatever it is asked (ERC-1271).
    function testFuzz_ledger_claim_by_signature_is_not_reentered(uint256 inner, bool before) public {
        LedgerTypes.Claim memory row = LedgerTypes.Claim(1, address(this), 1 ether, Tree.proof(nodes, 1, RECEIPTS));
        _arm(inner, before);
        ledger.claimBySig(row, ALICE, block.timestamp, "");
        _refused();
        assertEq(token.balanceOf(ALICE), 1 ether, "once");
    }

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return this.isValidSignature.selector;
    }

    function testFuzz_ledger_bonds_and_funding_are_not_reentered(uint256 inner, bool before, uint8 outer) public {
        if (outer % 4 == 3) {
            ledger.challenge(2, "");
            _arm(inner, before);
            vm.prank(COURT);
            ledger.resolve(2, true);
            _refused();
            return;
        }
        _arm(inner, before);
        if (outer % 4 == 0) ledger.fund(1 ether, 0);
        else if (outer % 4 == 1) ledger.postBond(1 ether);
        else ledger.challenge(2, "");
        _refused();
    }

    function testFuzz_bond_withdrawal_is_not_reentered(uint256 inner, bool before) public {
        vm.warp(block.timestamp + 1 days);
        uint256 start = token.balanceOf(address(this));
        _arm(inner, before);
        ledger.withdrawBond(30 ether);
        _refused();
        assertEq(token.balanceOf(address(this)) - start, 30 ether, "once");
    }

    function testFuzz_channels_are_not_reentered(uint256 inner, bool before, uint8 outer) public {
        InferenceChannels.Row[] memory rows = new InferenceChannels.Row[](1);
        (bytes32 r, bytes32 vs) = signCompact(SESSION, channels.voucherDigest(id, 4 ether));
        rows[0] = InferenceChannels.Row(id, 4 ether, 4 ether, r, vs);
        channels.claim(address(this), rows);
        channels.requestWithdraw(id, 6 ether);
        vm.warp(block.timestamp + 15 minutes);
        uint256 start = token.balanceOf(address(channels));
        _arm(inner, before);
        uint256 moved;
        if (outer % 5 == 0) moved = channels.settle(address(this));
        else if (outer % 5 == 1) moved = channels.withdraw(id);
        else if (outer % 5 == 2) channels.refund(id, uint96(moved = 2 ether));
        else if (outer % 5 == 3) channels.deposit(id, 0);
        else channels.open(address(this), address(this), 1 hours, "new", 1);
        _refused();
        assertEq(token.balanceOf(address(channels)), outer % 5 == 4 ? start + 1 : start - moved, "moved once");
    }

    /// @dev The call that the token makes in the middle of the outer transfer.
    function _arm(uint256 inner, bool before) private {
        bytes32[] memory proof = Tree.proof(nodes, 1, RECEIPTS);
        bytes[8] memory calls = [
            abi.encodeCall(AttributionLedger.claim, (1, address(this), 1 ether, proof)),
            abi.encodeCall(AttributionLedger.fund, (0, 0)),
            abi.encodeCall(AttributionLedger.withdrawBond, (0)),
            abi.encodeCall(AttributionLedger.postBond, (0)),
            abi.encodeCall(InferenceChannels.settle, (address(this))),
            abi.encodeCall(InferenceChannels.withdraw, (id)),
            abi.encodeCall(InferenceChannels.deposit, (id, 0)),
            abi.encodeCall(InferenceChannels.open, (address(this), ALICE, 1 hours, "again", 0))
        ];
        inner = inner % 4;
        bool channel = _outerIsChannel();
        token.arm(channel ? address(channels) : address(ledger), calls[channel ? 4 + inner : inner], before);
    }

    function _outerIsChannel() private pure returns (bool) {
        return msg.sig == this.testFuzz_channels_are_not_reentered.selector;
    }

    function _refused() private view {
        assertTrue(token.attempted(), "the token did strike");
        assertTrue(!token.succeeded(), "and was refused");
        bytes4 reason = bytes4(token.result());
        assertTrue(reason == TransientLock.ReentrancyGuardReentrantCall.selector, "by the guard");
    }
}
