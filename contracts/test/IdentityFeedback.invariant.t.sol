// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IdentityRegistry} from "../src/IdentityRegistry.sol";
import {AgentFeedback} from "../src/identity/AgentFeedback.sol";
import {FeedbackSetup} from "./support/FeedbackSetup.sol";
import {Std} from "./support/Std.sol";

/// @dev Four settled receipts; payers and strangers speak of two agents, whose owners move and rebind them meanwhile.
contract FeedbackHandler is Std {
    IdentityRegistry public immutable registry;
    address private immutable _payer;
    address private immutable _gateway;
    AgentFeedback.PaidReceipt[] private _receipts;
    mapping(uint256 receipt => uint256) public spoken;
    uint256 public total;
    int256 public weighted;

    constructor(IdentityRegistry registry_, address payer, address gateway) {
        (registry, _payer, _gateway) = (registry_, payer, gateway);
    }

    function add(AgentFeedback.PaidReceipt calldata r) external {
        _receipts.push(r);
    }

    function speak(uint256 which, uint256 agent, int8 score, bool stranger, bytes4 tag) external {
        which %= _receipts.length;
        score = score % 101;
        tag = tag & 0x01000000;
        vm.prank(stranger ? address(0xbad) : _payer);
        registry.giveFeedback(1 + agent % 2, score, tag, _receipts[which], "");
        ++spoken[which];
        ++total;
        weighted += int256(score) * int256(_receipts[which].feeWei / 1 gwei);
    }

    function move(uint256 agent, bool back) external {
        (address from, address to) = back ? (address(0xbad), _gateway) : (_gateway, address(0xbad));
        vm.prank(from);
        registry.transferFrom(from, to, 1 + agent % 2);
    }
}

/// @dev Invariant 15: one feedback per receipt, whatever else happens, and the words hold what was said.
contract IdentityFeedbackInvariantTest is FeedbackSetup {
    FeedbackHandler private handler;

    function setUp() public override {
        super.setUp();
        handler = new FeedbackHandler(registry, PAYER, GATEWAY);
        vm.prank(GATEWAY);
        registry.register("second");
        for (uint256 i; i < 4; ++i) handler.add(_paid(i, (i + 1) * 1 ether));
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (FeedbackHandler.speak.selector, FeedbackHandler.move.selector);
        targets[0] = FuzzSelector(address(handler), selectors);
    }

    function invariant_one_feedback_per_receipt() public view {
        uint256 count;
        int256 weighted;
        for (uint256 i; i < 4; ++i) assertLe(handler.spoken(i), 1, "once");
        for (uint256 id = 1; id <= 2; ++id) {
            for (uint256 tag; tag < 2; ++tag) {
                (uint32 count_,, int128 weighted_) = registry.getSummary(id, bytes4(uint32(tag << 24)));
                count += count_;
                weighted += weighted_;
            }
        }
        assertEq(count, handler.total(), "count");
        assertTrue(weighted == handler.weighted(), "weighted");
    }
}
