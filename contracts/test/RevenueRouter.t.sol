// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttributionLedger} from "../src/AttributionLedger.sol";
import {Directory} from "../src/Directory.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {Params} from "../src/Params.sol";
import {IParams} from "../src/interfaces/IParams.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {RevenueRouter} from "../src/RevenueRouter.sol";
import {LedgerSetup} from "./support/LedgerSetup.sol";
import {BoundlessParams, PlainOpen} from "./support/Tokens.sol";

contract RevenueRouterTest is LedgerSetup {
    PlainOpen private token;
    InferenceChannels private channels;
    AttributionLedger private ledger;
    RevenueRouter private router;
    Params private params;
    address private constant TREASURY = address(0xd001);
    address private constant ADMIN = address(0xd002);
    address private constant OPERATOR = address(0xd003);
    uint256 private constant SESSION = 0x5e55;

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new PlainOpen(address(this));
        channels = new InferenceChannels(token, address(0xfe02), new Directory(address(this)));
        ledger = _ledger(token);
        params = new Params(address(this), 1);
        params.set(ParamKeys.MATCH_BPS, 0, 0);
        router = _router(params);
        token.approve(address(channels), type(uint256).max);
    }

    /// @dev Invariant 12: fee + rest == in, the fee rounds down.
    function testFuzz_fee_and_rest_are_what_came_in(uint96 amount, uint16 bps) public {
        amount = uint96(bound(amount, 0, 1e24));
        bps = uint16(bound(bps, 0, 1_000));
        vm.warp(block.timestamp + 1 days);
        params.set(ParamKeys.PROTOCOL_FEE_BPS, bps, 0);
        vm.warp(block.timestamp + 1 days);
        token.transfer(address(router), amount);
        (uint256 fee, uint256 rest) = router.flush();
        assertEq(fee + rest, amount, "in = out");
        assertEq(fee, uint256(amount) * bps / 10_000, "fee");
        assertEq(token.balanceOf(TREASURY), fee, "treasury");
        assertEq(token.balanceOf(address(router)), 0, "nothing stays");
        (uint96 funded,,,) = ledger.totals();
        assertEq(funded, rest, "funded");
    }

    function test_flush_collects_from_the_channels_first() public {
        bytes32 id = channels.open(address(router), vm.addr(SESSION), 1 hours, 0, 100 ether);
        InferenceChannels.Row[] memory rows = new InferenceChannels.Row[](1);
        (bytes32 r, bytes32 vs) = signCompact(SESSION, channels.voucherDigest(id, 40 ether));
        rows[0] = InferenceChannels.Row(id, 40 ether, 40 ether, r, vs);
        vm.prank(OPERATOR);
        channels.claim(address(router), rows);
        vm.expectEmit(true, false, false, true);
        emit RevenueRouter.Flushed("gateway", 40 ether, 2 ether, 38 ether, address(this), 2 ether);
        router.flush();
        (uint256 fee, uint256 rest) = router.flush();
        assertEq(fee + rest, 0, "nothing twice");
    }

    function test_a_governed_fee_holds_from_the_next_epoch_on() public {
        params.set(ParamKeys.PROTOCOL_FEE_BPS, 700, 0);
        token.transfer(address(router), 100 ether);
        (uint256 fee,) = router.flush();
        assertEq(fee, 5 ether, "announced only");
        vm.warp(block.timestamp + 1 days);
        token.transfer(address(router), 100 ether);
        (fee,) = router.flush();
        assertEq(fee, 7 ether, "in force");
        assertEq(router.totalFees(), 12 ether, "running total");
    }

    function test_no_params_can_take_more_than_the_bound() public {
        router = _router(IParams(address(new BoundlessParams())));
        token.transfer(address(router), 100 ether);
        (uint256 fee, uint256 rest) = router.flush();
        assertEq(fee, 10 ether, "capped");
        assertEq(rest, 90 ether, "rest");
    }

    function test_operators_are_chosen_by_the_admin_only() public {
        vm.expectRevert(abi.encodeWithSelector(RevenueRouter.RouterForbidden.selector, OPERATOR));
        vm.prank(OPERATOR);
        router.setOperator(OPERATOR, false);
        assertTrue(channels.operators(address(router), OPERATOR), "from the start");
        vm.prank(ADMIN);
        router.setOperator(OPERATOR, false);
        assertTrue(!channels.operators(address(router), OPERATOR), "gone");
    }

    function test_configuration_is_bounded() public {
        AttributionLedger other = _ledger(new PlainOpen(address(this)));
        vm.expectRevert(RevenueRouter.RouterConfigInvalid.selector);
        new RevenueRouter(channels, other, TREASURY, ADMIN, OPERATOR, "gateway", params);
        vm.expectRevert(RevenueRouter.RouterConfigInvalid.selector);
        new RevenueRouter(channels, ledger, address(0), ADMIN, OPERATOR, "gateway", params);
    }

    function _router(IParams params_) private returns (RevenueRouter) {
        return new RevenueRouter(channels, ledger, TREASURY, ADMIN, OPERATOR, "gateway", params_);
    }

    function _ledger(PlainOpen open) private returns (AttributionLedger) {
        return _newLedger(open, 1 ether, 1 ether, address(0xfe01), address(0xfe02), TREASURY);
    }
}
