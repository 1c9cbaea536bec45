// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AttributionLedger} from "../src/AttributionLedger.sol";
import {Guardian, IDisputed} from "../src/Guardian.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {RevenueRouter} from "../src/RevenueRouter.sol";
import {IPausable} from "../src/interfaces/IPausable.sol";
import {IUptimeFeed} from "../src/interfaces/IUptimeFeed.sol";
import {GuardianPause} from "../src/lib/GuardianPause.sol";
import {LedgerTypes} from "../src/lib/LedgerTypes.sol";
import {GovernanceBase} from "./support/GovernanceBase.sol";

/// @dev Decisions and the brake, on the contracts that hold money.
contract GovernanceOfMoneyTest is GovernanceBase {
    address private constant PAYER = address(0xA001);
    address private constant PUBLISHER = address(0xA002);
    InferenceChannels private channels;
    AttributionLedger private ledger;
    RevenueRouter private router;
    address private treasury;

    function _deployMore() internal override {
        treasury = address(governor.timelockSlow());
        channels = new InferenceChannels(open, address(guardian), directory);
        ledger = new AttributionLedger(
            LedgerTypes.Config({
                token: open,
                window: 1 days,
                disputeTimeout: 7 days,
                publisherBond: 10_000 ether,
                challengeBond: 1_000 ether,
                recipientDelay: 2 days,
                rotationDelay: 7 days,
                guardian: address(guardian),
                treasury: treasury,
                directory: directory,
                uptimeFeed: IUptimeFeed(address(0))
            })
        );
        router = new RevenueRouter(channels, ledger, treasury, address(this), address(this), "gateway", params);
        directory.set(keccak256("DisputeCourt"), address(guardian));
        _give(PAYER, 1_000 ether);
        _give(PUBLISHER, 100_000 ether);
        vm.startPrank(PUBLISHER);
        open.approve(address(ledger), type(uint256).max);
        ledger.postBond(10_000 ether);
        vm.stopPrank();
        vm.prank(PAYER);
        open.approve(address(channels), type(uint256).max);
    }

    function _give(address to, uint256 amount) private {
        vm.prank(TREASURER);
        open.transfer(to, amount);
    }

    function _submit() private returns (uint32) {
        uint32 head = ledger.headEpoch();
        vm.prank(PUBLISHER);
        return ledger.submit(head, "earnings", "receipts", 0, "uri");
    }

    function testFuzz_a_voted_fee_is_taken_from_the_next_epoch_on(uint96 income) public {
        income = uint96(bound(income, 10_000, 1_000_000 ether));
        uint256 id = _pass(address(params), _feeCall(300));
        vm.warp(block.timestamp + 2 days);
        governor.execute(id);
        _give(address(router), income);
        (uint256 fee,) = router.flush();
        assertEq(fee, uint256(income) * 500 / 10_000, "the old fee in this epoch");
        vm.warp(block.timestamp + params.EPOCH());
        _give(address(router), income);
        (fee,) = router.flush();
        assertEq(fee, uint256(income) * 300 / 10_000, "the voted fee in the next");
        assertEq(open.balanceOf(treasury), router.totalFees(), "to the treasury");
    }

    function test_only_a_slow_decision_spends_the_treasury() public {
        _give(treasury, 50 ether);
        uint256 id = _pass(address(open), abi.encodeCall(open.transfer, (SMALL, 50 ether)));
        vm.warp(block.timestamp + 7 days - 1);
        vm.expectRevert();
        governor.execute(id);
        vm.warp(block.timestamp + 1);
        governor.execute(id);
        assertEq(open.balanceOf(SMALL), 50 ether, "paid");
        assertEq(open.balanceOf(treasury), 0, "once");
    }

    function test_the_guardian_pauses_what_is_new_and_never_an_exit() public {
        vm.startPrank(PAYER);
        bytes32 id = channels.open(address(router), PAYER, 15 minutes, "salt", 10 ether);
        channels.requestWithdraw(id, 10 ether);
        vm.stopPrank();
        vm.startPrank(HOLDER);
        guardian.pause(channels);
        guardian.pause(ledger);
        vm.stopPrank();
        uint256 until = channels.pausedUntil();
        vm.prank(PAYER);
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseActive.selector, until));
        channels.deposit(id, 1 ether);
        vm.prank(PUBLISHER);
        vm.expectRevert();
        ledger.submit(0, "earnings", "receipts", 0, "uri");
        vm.warp(block.timestamp + 15 minutes);
        channels.withdraw(id);
        assertEq(open.balanceOf(PAYER), 1_000 ether, "left while paused");
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(GuardianPause.PauseCoolingDown.selector, until + 72 hours));
        guardian.pause(channels);
        vm.prank(HOLDER);
        guardian.unpause(channels);
        vm.prank(PAYER);
        channels.deposit(id, 1 ether);
    }

    function test_the_guardian_vetoes_a_pending_epoch_and_judges_while_it_is_the_court() public {
        uint32 id = _submit();
        vm.prank(HOLDER);
        guardian.veto(IDisputed(address(ledger)), id);
        vm.warp(block.timestamp + 1 hours);
        id = _submit();
        _give(PAYER, 1_000 ether);
        vm.startPrank(PAYER);
        open.approve(address(ledger), 1_000 ether);
        ledger.challenge(id, "evidence");
        vm.stopPrank();
        uint256 before = open.balanceOf(treasury);
        vm.prank(HOLDER);
        guardian.resolve(IDisputed(address(ledger)), id, true);
        assertEq(open.balanceOf(treasury) - before, 5_000 ether, "half of the bond");
    }

    function test_a_lapsed_guardian_leaves_the_contracts_running() public {
        uint256 end = guardian.until();
        vm.warp(end);
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(Guardian.GuardianLapsed.selector, end));
        guardian.pause(IPausable(address(channels)));
        vm.prank(PAYER);
        channels.open(address(router), PAYER, 15 minutes, "salt", 10 ether);
        _submit();
    }
}
