// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {IUptimeFeed} from "../src/interfaces/IUptimeFeed.sol";
import {ExitHandler} from "./support/ExitHandler.sol";
import {PoolBase} from "./support/PoolBase.sol";
import {PlainOpen} from "./support/Tokens.sol";

/// @dev Invariant 16 of the protocol: whatever is paused or closed, who may leave leaves.
contract ExitsInvariantTest is PoolBase {
    ExitHandler private handler;

    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }

    function setUp() public override {
        super.setUp();
        AttributionLedger.Config memory c;
        (c.token, c.window, c.disputeTimeout) = (token, 1 days, 7 days);
        (c.publisherBond, c.challengeBond, c.rotationDelay) = (10 ether, 1 ether, 7 days);
        (c.guardian, c.treasury, c.directory, c.uptimeFeed) = (GUARDIAN, TREASURY, directory, IUptimeFeed(address(0)));
        AttributionLedger ledger = new AttributionLedger(c);
        InferenceChannels channels = new InferenceChannels(token, GUARDIAN, directory);
        handler = new ExitHandler(ledger, channels, pools, directory, GUARDIAN, POOL);
        directory.transferOwnership(address(handler));
        (address person, address gateway, address publisher) = (handler.PERSON(), handler.GATEWAY(), handler.PUBLISHER());
        address[4] memory people = [person, gateway, publisher, address(handler)];
        for (uint256 i; i < people.length; ++i) {
            _enrich(people[i], address(ledger));
            _approve(people[i], address(channels));
            _approve(people[i], address(pools));
        }
        vm.prank(publisher);
        ledger.postBond(1_000 ether);
        vm.prank(person);
        channels.open(gateway, vm.addr(0x5e55), 1 hours, "", 1_000 ether);
        _stake(person, 1_000 ether);
        _reward(1_000 ether, 300 days);
    }

    function _approve(address who, address spender) private {
        vm.prank(who);
        token.approve(spender, type(uint256).max);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_16_exits_are_never_stopped_and_what_is_new_is() public view {
        assertTrue(bytes(handler.broken()).length == 0, handler.broken());
    }
}
