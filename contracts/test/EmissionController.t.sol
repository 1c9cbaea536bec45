// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AttributionLedger} from "../src/AttributionLedger.sol";
import {EmissionController} from "../src/EmissionController.sol";
import {IFeeSource} from "../src/interfaces/IFeeSource.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {OpenToken} from "../src/OpenToken.sol";
import {RevenueRouter} from "../src/RevenueRouter.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {PoolBase} from "./support/PoolBase.sol";
import {PlainOpen} from "./support/Tokens.sol";
import {TurningOpen} from "./support/TurningOpen.sol";

/// @dev A router's running total, moved by the test: the controller knows routers by this one number.
contract Till is IFeeSource {
    uint256 public totalFees;

    function take(uint256 amount) external {
        totalFees += amount;
    }

    function reset() external {
        totalFees = 0;
    }
}

abstract contract EmissionSuite is PoolBase {
    EmissionController internal controller;
    Till internal till;
    AttributionLedger internal ledger;
    address internal fast;
    address internal slow;
    bytes32[] internal proof;
    uint96 internal constant R0 = 1_000_000 ether;
    bytes32 internal constant EARNINGS = keccak256("earnings");

    function setUp() public override {
        super.setUp();
        controller = new EmissionController(token, directory, params, pools, R0, block.timestamp);
        till = new Till();
        ledger = _newLedger();
        directory.set(keccak256("EmissionController"), address(controller));
        directory.set(keccak256("RevenueRouter"), address(till));
        directory.set(keccak256("AttributionLedger"), address(ledger));
        fast = _role("TimelockFast");
        slow = _role("TimelockSlow");
        _enrich(RICH, address(controller));
        vm.prank(RICH);
        controller.fund(50_000_000 ether);
        proof.push(EARNINGS);
        _gauge(7, 5_000);
        _gauge(8, 4_000);
        vm.warp(block.timestamp + 7 days); // week 1: gauges hold
        controller.seeFees();
    }

    // ------------------------------------------------------------------------------------------------------- schedule

    function test_schedule_and_rollover() public {
        assertEq(controller.week(), 1, "week");
        assertEq(controller.availableInAll(), 1_980_000 ether, "R0 + 0.98 R0");
        assertEq(controller.left(), 1_980_000 ether, "all of it: what week 0 did not give is still there");
        vm.warp(controller.START() + 5_000 weeks);
        assertLe(controller.availableInAll(), 50_000_000 ether, "never more than 50 R0");
        assertLe(49_999_999 ether, controller.availableInAll(), "and nearly that");
    }

    function testFuzz_schedule_is_the_sum_of_the_weeks(uint8 weeks_) public {
        uint256 sum;
        uint256 rate = R0;
        for (uint256 i; i <= weeks_; ++i) {
            sum += rate;
            rate = rate * 98 / 100;
        }
        vm.warp(controller.START() + uint256(weeks_) * 7 days);
        uint256 got = controller.availableInAll();
        assertLe(sum, got + 1e6, "not less than the sum");
        assertLe(got, sum + 1e6, "not more");
    }

    function test_nothing_before_the_start_or_beyond_the_funds() public {
        EmissionController later = new EmissionController(token, directory, params, pools, R0, block.timestamp + 1 days);
        assertEq(later.availableInAll(), 0, "not yet");
        assertEq(later.week(), 0, "week 0");
        vm.warp(block.timestamp + 1 days);
        assertEq(later.availableInAll(), R0, "then");
        assertEq(later.left(), 0, "nothing was paid in");
        vm.expectRevert(EmissionController.EmissionConfigInvalid.selector);
        new EmissionController(token, directory, params, pools, 0, 0);
    }

    // ------------------------------------------------------------------------------------------------------- releases

    function test_release_is_matched_to_fees_and_streamed_to_the_pool() public {
        vm.prank(RICH);
        pools.stake(POOL, 1 ether, ALICE);
        till.take(1_000 ether);
        uint96 amount = _release(7, 800 ether);
        assertEq(amount, 400 ether, "m / f = 250 / 500 of 800");
        assertEq(controller.matchable(), 200 ether, "what no Datanet has used yet");
        vm.warp(block.timestamp + 7 days);
        uint96 earned = pools.rewardOf(POOL, ALICE);
        assertLe(earned, 400 ether, "streamed");
        assertLe(400 ether, earned + 2, "in a week");
        (uint32 epoch, bytes32[] memory path) = _publish(7, 800 ether);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionNothingToRelease.selector, 7));
        controller.release(7, epoch, 800 ether, path); // the same fees again
    }

    function test_a_match_of_nothing_releases_nothing() public {
        till.take(100 ether);
        _set(ParamKeys.MATCH_BPS, 0);
        (uint32 epoch, bytes32[] memory path) = _publish(7, 50 ether);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionNothingToRelease.selector, 7));
        controller.release(7, epoch, 50 ether, path);
    }

    function test_all_datanets_together_never_match_more_than_routers_took() public {
        till.take(100 ether);
        assertEq(_release(7, 1_000_000 ether), 50 ether, "a leaf may say what it likes");
        (uint32 epoch, bytes32[] memory path) = _publish(8, 1_000_000 ether);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionNothingToRelease.selector, 8));
        controller.release(8, epoch, 1_000_000 ether, path);
        till.take(10 ether);
        assertEq(_release(8, 1_000_000 ether), 5 ether, "only what came in since");
    }

    function test_a_share_of_the_week_bounds_a_datanet_and_the_rest_of_its_fees_waits() public {
        till.take(10_000_000 ether);
        uint256 budget = controller.left();
        assertEq(_release(7, 10_000_000 ether), budget / 2, "its gauge's share");
        assertEq(controller.matchedFees(7), budget, "only as much of the fees");
        (uint32 epoch, bytes32[] memory path) = _publish(7, 10_000_000 ether);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionNothingToRelease.selector, 7));
        controller.release(7, epoch, 10_000_000 ether, path);
        assertEq(_release(8, 1_000_000 ether), 500_000 ether, "the others' shares are theirs, whoever comes first");
        vm.warp(block.timestamp + 7 days);
        assertEq(_release(7, 10_000_000 ether), controller.budget() / 2, "next week goes on");
        (epoch, path) = _publish(9, 5 ether);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionNothingToRelease.selector, 9));
        controller.release(9, epoch, 5 ether, path); // no gauge, no share
    }

    /// @dev Whatever f and m were when somebody paid itself, and whatever they are when it asks for emission.
    function testFuzz_paying_oneself_never_pays(uint96 paid, uint16 feeThen, uint16 feeNow, uint16 matchNow) public {
        paid = uint96(bound(paid, 1, 1e24));
        feeThen = uint16(bound(feeThen, 0, 1_000));
        feeNow = uint16(bound(feeNow, 0, 1_000));
        matchNow = uint16(bound(matchNow, 0, feeNow));
        uint256 fee = uint256(paid) * feeThen / 10_000; // as RevenueRouter takes it
        till.take(fee);
        _set(ParamKeys.MATCH_BPS, 0);
        _set(ParamKeys.PROTOCOL_FEE_BPS, feeNow);
        _set(ParamKeys.MATCH_BPS, matchNow);
        (uint32 epoch, bytes32[] memory path) = _publish(7, fee);
        uint96 emission;
        try controller.release(7, epoch, fee, path) returns (uint96 amount) {
            emission = amount;
        } catch {}
        assertLe(paid - fee + emission, paid, "back through the ledger + emission <= paid");
        assertLe(emission, fee, "match <= fee");
    }

    function test_a_leaf_of_another_datanet_or_an_epoch_that_is_not_active_is_refused() public {
        till.take(100 ether);
        (uint32 epoch, bytes32[] memory path) = _publish(7, 50 ether);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionProofInvalid.selector, 8));
        controller.release(8, epoch, 50 ether, path);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionProofInvalid.selector, 7));
        controller.release(7, epoch, 51 ether, path);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionEpochNotActive.selector, 100));
        controller.release(7, 100, 50 ether, path);
        epoch = _submit(7, 60 ether);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionEpochNotActive.selector, epoch));
        controller.release(7, epoch, 60 ether, path); // its window is open
    }

    function test_another_router_counts_from_when_it_is_first_seen() public {
        till.take(10 ether);
        controller.seeFees();
        Till other = new Till();
        other.take(1_000_000 ether); // before it was ours
        directory.set(keccak256("RevenueRouter"), address(other));
        assertEq(_release(7, 1_000 ether), 5 ether, "only the first router's ten");
        other.take(4 ether);
        assertEq(_release(7, 1_000 ether), 2 ether, "then what the second takes");
        other.reset(); // a total that falls adds nothing, nor when it rises to where it was
        controller.seeFees();
        other.take(1_000_004 ether);
        controller.seeFees();
        directory.set(keccak256("RevenueRouter"), address(0));
        controller.seeFees();
        assertEq(controller.matchable(), 0, "nothing new");
    }

    function test_the_real_router_is_such_a_source() public {
        InferenceChannels channels = new InferenceChannels(token, GUARDIAN, directory);
        RevenueRouter router = new RevenueRouter(channels, ledger, TREASURY, FAST, FAST, "gateway", params);
        directory.set(keccak256("RevenueRouter"), address(router));
        controller.seeFees();
        vm.prank(RICH);
        token.transfer(address(router), 1_000 ether);
        (uint256 fee,) = router.flush();
        assertEq(fee, 50 ether, "f is 500 bps");
        assertEq(_release(7, 1e24), 25 ether, "m / f of what it took");
    }

    function test_gifts_do_not_count() public {
        uint256 before = controller.funded();
        vm.prank(RICH);
        token.transfer(address(controller), 5 ether);
        assertEq(controller.funded(), before, "only what was funded");
    }

    // --------------------------------------------------------------------------------------------- gauges and grants

    function test_gauges_hold_from_next_week_and_sum_to_all_at_most() public {
        uint256[] memory datanets = new uint256[](2);
        uint16[] memory bps = new uint16[](2);
        (datanets[0], datanets[1], bps[0], bps[1]) = (7, 9, 1_000, 5_000);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionForbidden.selector, address(this)));
        controller.setGauges(datanets, bps);
        vm.startPrank(fast);
        controller.setGauges(datanets, bps);
        assertEq(controller.gaugeOf(7), 5_000, "still");
        assertEq(controller.gaugeOf(9), 0, "not yet");
        bps[0] = 1_001;
        vm.expectRevert(EmissionController.EmissionGaugesInvalid.selector);
        controller.setGauges(datanets, bps);
        vm.expectRevert(EmissionController.EmissionGaugesInvalid.selector);
        controller.setGauges(datanets, new uint16[](1));
        vm.warp(block.timestamp + 7 days);
        assertEq(controller.gaugeOf(7), 1_000, "now");
        assertEq(controller.gaugeOf(9), 5_000, "now too");
        assertEq(controller.gaugeSum(), 10_000, "all");
    }

    function test_grants_are_capped_for_each_and_for_all() public {
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionForbidden.selector, address(this)));
        controller.grant(7, 1, 7 days);
        vm.startPrank(slow);
        vm.expectRevert(
            abi.encodeWithSelector(EmissionController.EmissionGrantTooLarge.selector, 100_000 ether + 1, 100_000 ether)
        );
        controller.grant(7, 100_000 ether + 1, 7 days);
        controller.grant(7, 100_000 ether, 7 days);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionGrantTooLarge.selector, 1, 0));
        controller.grant(7, 1, 7 days);
        vm.expectRevert(
            abi.encodeWithSelector(EmissionController.EmissionGrantTooLarge.selector, 98_001 ether, 98_000 ether)
        );
        controller.grant(8, 98_001 ether, 7 days); // 10 % of 1,980,000 in all
        controller.grant(8, 98_000 ether, 7 days);
        assertEq(controller.left(), 1_980_000 ether - 198_000 ether, "from the same budget");
        assertEq(token.balanceOf(address(controller)), controller.funded() - controller.given(), "kept apart");
    }

    function _gauge(uint256 datanet, uint16 bps) internal {
        uint256[] memory datanets = new uint256[](1);
        uint16[] memory shares = new uint16[](1);
        (datanets[0], shares[0]) = (datanet, bps);
        vm.prank(fast);
        controller.setGauges(datanets, shares);
    }

    /// @dev A ledger with a window of 24 seconds, so that publishing does not move weeks.
    function _newLedger() private returns (AttributionLedger created) {
        AttributionLedger.Config memory c;
        (c.token, c.window, c.disputeTimeout) = (token, 24, 7 days);
        (c.publisherBond, c.challengeBond, c.recipientDelay, c.rotationDelay) = (1 ether, 1 ether, 2 days, 7 days);
        (c.guardian, c.treasury, c.directory) = (GUARDIAN, TREASURY, directory);
        created = new AttributionLedger(c);
        _enrich(RICH, address(created));
        vm.prank(RICH);
        created.postBond(1 ether);
    }

    function _submit(uint256 datanet, uint256 fees) internal returns (uint32 epoch) {
        uint32 head = ledger.headEpoch();
        bytes32 receipts = controller.feeLeaf(datanet, fees); // a tree of one leaf
        vm.prank(RICH);
        epoch = ledger.submit(head, EARNINGS, receipts, 0, "");
    }

    function _publish(uint256 datanet, uint256 fees) internal returns (uint32 epoch, bytes32[] memory path) {
        epoch = _submit(datanet, fees);
        vm.warp(block.timestamp + 24);
        return (epoch, proof);
    }

    function _release(uint256 datanet, uint256 fees) internal returns (uint96) {
        (uint32 epoch, bytes32[] memory path) = _publish(datanet, fees);
        return controller.release(datanet, epoch, fees, path);
    }
}

contract EmissionControllerPlainTest is EmissionSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new PlainOpen(holder);
    }
}

contract EmissionControllerOpenTokenTest is EmissionSuite {
    function _newToken(address holder) internal override returns (IERC20) {
        return new OpenToken(holder);
    }
}

/// @dev A token that begins to take a tax is refused.
contract EmissionControllerTaxedTest is PoolBase {
    function _newToken(address holder) internal override returns (IERC20) {
        return new TurningOpen(holder);
    }

    function test_a_tax_is_refused() public {
        EmissionController controller = new EmissionController(token, directory, params, pools, 1 ether, 0);
        _enrich(RICH, address(controller));
        TurningOpen(address(token)).turn();
        vm.prank(RICH);
        vm.expectRevert(abi.encodeWithSelector(EmissionController.EmissionTokenNotExact.selector, 0.99 ether, 1 ether));
        controller.fund(1 ether);
    }
}
