// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttributionLedger} from "../src/AttributionLedger.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {RevenueRouter} from "../src/RevenueRouter.sol";
import {Std} from "./support/Std.sol";
import {PlainOpen} from "./support/Tokens.sol";

contract RevenueRouterTest is Std {
    PlainOpen private token;
    InferenceChannels private channels;
    AttributionLedger private ledger;
    RevenueRouter private router;
    address private constant TREASURY = address(0xd001);
    address private constant ADMIN = address(0xd002);
    address private constant OPERATOR = address(0xd003);
    uint256 private constant SESSION = 0x5e55;

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new PlainOpen(address(this));
        channels = new InferenceChannels(token);
        ledger = _ledger(token);
        router = _router(500);
        token.approve(address(channels), type(uint256).max);
    }

    /// @dev Invariant 12: fee + rest == in, the fee rounds down.
    function testFuzz_fee_and_rest_are_what_came_in(uint96 amount, uint16 bps) public {
        amount = uint96(bound(amount, 0, 1e24));
        bps = uint16(bound(bps, 0, 1_000));
        router = _router(bps);
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
        emit RevenueRouter.Flushed("gateway", 40 ether, 2 ether, 38 ether, address(this));
        router.flush();
        (uint256 fee, uint256 rest) = router.flush();
        assertEq(fee + rest, 0, "nothing twice");
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
        vm.expectRevert(abi.encodeWithSelector(RevenueRouter.RouterFeeTooHigh.selector, 1_001));
        _router(1_001);
        AttributionLedger other = _ledger(new PlainOpen(address(this)));
        vm.expectRevert(RevenueRouter.RouterConfigInvalid.selector);
        new RevenueRouter(channels, other, TREASURY, ADMIN, OPERATOR, "gateway", 500);
        vm.expectRevert(RevenueRouter.RouterConfigInvalid.selector);
        new RevenueRouter(channels, ledger, address(0), ADMIN, OPERATOR, "gateway", 500);
    }

    function _router(uint256 bps) private returns (RevenueRouter) {
        return new RevenueRouter(channels, ledger, TREASURY, ADMIN, OPERATOR, "gateway", bps);
    }

    function _ledger(PlainOpen open) private returns (AttributionLedger) {
        return new AttributionLedger(
            AttributionLedger.Config(open, 1 days, 7 days, 1 ether, 1 ether, address(1), address(2), TREASURY)
        );
    }
}
