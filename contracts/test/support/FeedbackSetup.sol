// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {AttributionLedger} from "../../src/AttributionLedger.sol";
import {IdentityRegistry} from "../../src/IdentityRegistry.sol";
import {AgentFeedback} from "../../src/identity/AgentFeedback.sol";
import {ReceiptJson} from "../../src/lib/ReceiptJson.sol";
import {LedgerSetup} from "./LedgerSetup.sol";
import {PlainOpen} from "./Tokens.sol";

/// @dev Receipts as the gateway writes them, and epochs of the real ledger that hold two of them.
abstract contract FeedbackSetup is LedgerSetup {
    AttributionLedger internal ledger;
    IdentityRegistry internal registry;
    uint256 internal agent;
    uint32 internal head;
    bytes32 internal otherLeaf = keccak256("another receipt");
    bytes32 internal constant EARNINGS = keccak256("earnings");
    address internal constant GATEWAY = address(bytes20(hex"6c00000000000000000000000000000000000abc"));
    address internal constant PAYER = address(bytes20(hex"5a00000000000000000000000000000000009f01"));
    bytes4 internal constant TAG = "fast";

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        PlainOpen token = new PlainOpen(address(this));
        AttributionLedger.Config memory c =
            _ledgerConfig(token, 1_000 ether, 1_000 ether, address(0xc0), address(this), address(0x7e));
        ledger = new AttributionLedger(c);
        registry = new IdentityRegistry(c.directory);
        _setEntry(c, "AttributionLedger", address(ledger));
        token.approve(address(ledger), type(uint256).max);
        ledger.postBond(1_000 ether);
        ledger.fund(1e24, "tests");
        vm.prank(GATEWAY);
        agent = registry.register("ipfs://gateway");
    }

    function _setEntry(AttributionLedger.Config memory c, string memory name, address target) internal {
        (bool ok,) = address(c.directory).call(
            abi.encodeWithSignature("set(bytes32,address)", keccak256(bytes(name)), target)
        );
        assertTrue(ok, name);
    }

    function _body(address gateway, string memory payer, uint256 number) internal pure returns (bytes memory) {
        return abi.encodePacked(
            '{"attribution":{"method":"x"},"channelId":null,"feeWei":"5","gateway":"',
            _hex(gateway),
            '","id":"rcp_',
            _decimal(number),
            '","payer":',
            payer,
            ',"version":2}'
        );
    }

    function _quoted(address account) internal pure returns (string memory) {
        return string.concat('"', _hex(account), '"');
    }

    /// @dev A receipt in an epoch that is submitted and, unless `pending`, active.
    function _settled(bytes memory body, uint256 feeWei, bool pending)
        internal
        returns (AgentFeedback.PaidReceipt memory r)
    {
        bytes32 leaf = ReceiptJson.leaf(sha256(body), feeWei);
        bytes32 receipts = Hashes.commutativeKeccak256(leaf, otherLeaf);
        head = ledger.submit(head, EARNINGS, receipts, 1 ether, "ipfs://epoch");
        vm.warp(block.timestamp + (pending ? 1 hours : 1 days));
        r.epoch = head;
        r.feeWei = feeWei;
        r.body = body;
        r.payerAt = _find(body, ',"payer":');
        r.gatewayAt = _find(body, ',"gateway":');
        r.proof = new bytes32[](2);
        (r.proof[0], r.proof[1]) = (otherLeaf, EARNINGS);
    }

    function _paid(uint256 number, uint256 feeWei) internal returns (AgentFeedback.PaidReceipt memory) {
        return _settled(_body(GATEWAY, _quoted(PAYER), number), feeWei, false);
    }

    function _find(bytes memory text, bytes memory what) internal pure returns (uint256) {
        for (uint256 i; i + what.length <= text.length; ++i) {
            bool same = true;
            for (uint256 k; same && k < what.length; ++k) same = text[i + k] == what[k];
            if (same) return i;
        }
        return text.length;
    }

    function _hex(address account) internal pure returns (string memory) {
        bytes memory text = new bytes(40);
        for (uint256 i; i < 40; ++i) {
            text[i] = bytes16("0123456789abcdef")[(uint160(account) >> (4 * (39 - i))) & 15];
        }
        return string.concat("0x", string(text));
    }

    function _decimal(uint256 value) internal pure returns (string memory) {
        return vm.toString(value);
    }
}
