// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {OpenGovernor} from "../src/OpenGovernor.sol";
import {OpenTimelock} from "../src/OpenTimelock.sol";
import {Params} from "../src/Params.sol";
import {Guardian} from "../src/Guardian.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {GovernanceBase} from "./support/GovernanceBase.sol";

/// @dev With the settings of public chains and an OPEN that has neither permit nor votes.
contract OpenGovernorTest is GovernanceBase {
    function test_a_fee_change_takes_effect_in_the_epoch_after_its_execution() public {
        uint256 id = _pass(address(params), _feeCall(300));
        (OpenTimelock lock,) = governor.queued(id);
        assertEq(address(lock), address(governor.timelockFast()), "parameters wait two days");
        vm.warp(block.timestamp + 2 days);
        governor.execute(id);
        assertEq(params.valueOf(ParamKeys.PROTOCOL_FEE_BPS), 500, "not in this epoch");
        vm.warp(block.timestamp + params.EPOCH());
        assertEq(params.valueOf(ParamKeys.PROTOCOL_FEE_BPS), 300, "in the next");
        assertEq(uint256(governor.state(id)), uint256(IGovernor.ProposalState.Executed), "executed");
    }

    function test_nothing_is_executed_before_its_delay() public {
        uint256 id = _pass(address(params), _feeCall(300));
        vm.warp(block.timestamp + 2 days - 1);
        vm.expectRevert();
        governor.execute(id);
    }

    function test_other_calls_wait_seven_days() public {
        uint256 id = _pass(address(open), abi.encodeCall(open.transfer, (VOTER, 0)));
        (OpenTimelock lock,) = governor.queued(id);
        assertEq(address(lock), address(governor.timelockSlow()), "money waits");
        vm.warp(block.timestamp + 7 days - 1);
        vm.expectRevert();
        governor.execute(id);
        vm.warp(block.timestamp + 1);
        governor.execute(id);
    }

    function test_a_mixed_proposal_is_slow_and_then_may_not_change_parameters() public {
        address[] memory targets = new address[](2);
        (targets[0], targets[1]) = (address(params), address(open));
        bytes[] memory calls = new bytes[](2);
        (calls[0], calls[1]) = (_feeCall(300), abi.encodeCall(open.transfer, (VOTER, 0)));
        vm.prank(VOTER);
        uint256 id = governor.propose(targets, new uint256[](2), calls, "mixed");
        _voteAndQueue(id, 1);
        (OpenTimelock lock,) = governor.queued(id);
        assertEq(address(lock), address(governor.timelockSlow()), "slow");
        vm.warp(block.timestamp + 7 days);
        vm.expectRevert(abi.encodeWithSelector(Params.ParamForbidden.selector, address(lock)));
        governor.execute(id);
    }

    function test_coins_make_a_proposal_slow() public {
        uint256[] memory values = new uint256[](1);
        values[0] = 1;
        vm.prank(VOTER);
        uint256 id = governor.propose(_one(address(params)), values, _oneCall(_feeCall(300)), "coins");
        _voteAndQueue(id, 1);
        (OpenTimelock lock,) = governor.queued(id);
        assertEq(address(lock), address(governor.timelockSlow()), "slow");
    }

    function testFuzz_under_the_floor_nothing_passes(uint256 votes) public {
        votes = bound(votes, 100_000 ether, 5_000_000 ether - 1);
        _wrap(SMALL, votes);
        uint256 all = gopen.balanceOf(VOTER);
        vm.prank(VOTER);
        gopen.withdrawTo(VOTER, all); // now SMALL has all of GOPEN, and 4 % of it is little
        vm.warp(block.timestamp + 1);
        vm.prank(SMALL);
        uint256 id = governor.propose(_one(address(params)), new uint256[](1), _oneCall(_feeCall(300)), "small");
        vm.warp(governor.proposalSnapshot(id) + 1);
        vm.prank(SMALL);
        governor.castVote(id, 1);
        vm.warp(governor.proposalDeadline(id) + 1);
        assertEq(uint256(governor.state(id)), uint256(IGovernor.ProposalState.Defeated), "defeated");
        vm.expectRevert();
        governor.queue(id);
    }

    function testFuzz_quorum_is_the_larger_of_share_and_floor(uint256 supply) public {
        supply = bound(supply, 0, 500_000_000 ether);
        _wrap(SMALL, supply);
        uint256 snapshot = block.timestamp;
        vm.warp(snapshot + 1);
        uint256 share = gopen.getPastTotalSupply(snapshot) * 4 / 100;
        assertEq(governor.quorum(snapshot), share > 5_000_000 ether ? share : 5_000_000 ether, "quorum");
    }

    /// @dev Otherwise whoever sees a proposal on its way could send it first, cancel it, and have its words used up.
    function test_a_proposal_that_names_its_proposer_is_nobody_elses() public {
        _wrap(SMALL, 200_000 ether);
        vm.warp(block.timestamp + 1);
        string memory text = string.concat("words\n\n#proposer=", Strings.toChecksumHexString(VOTER));
        vm.prank(SMALL);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, SMALL));
        governor.propose(_one(address(params)), new uint256[](1), _oneCall(_feeCall(300)), text);
        vm.prank(VOTER);
        governor.propose(_one(address(params)), new uint256[](1), _oneCall(_feeCall(300)), text);
    }

    function test_votes_bought_after_the_snapshot_do_not_count() public {
        uint256 id = _propose(address(params), _feeCall(300));
        vm.warp(governor.proposalSnapshot(id) + 1);
        _wrap(SMALL, 100_000_000 ether);
        vm.prank(SMALL);
        assertEq(governor.castVote(id, 0), 0, "no weight");
    }

    function test_a_late_quorum_gives_another_day() public {
        uint256 id = _propose(address(params), _feeCall(300));
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline - 1);
        vm.prank(VOTER);
        governor.castVote(id, 1);
        assertEq(governor.proposalDeadline(id), deadline - 1 + 1 days, "extended");
    }

    function test_below_the_threshold_nobody_proposes() public {
        _wrap(SMALL, 100_000 ether - 1);
        vm.warp(block.timestamp + 1);
        vm.prank(SMALL);
        vm.expectRevert();
        governor.propose(_one(address(params)), new uint256[](1), _oneCall(_feeCall(300)), "poor");
    }

    function test_the_guardian_cancels_only_while_it_waits() public {
        uint256 id = _propose(address(params), _feeCall(300));
        vm.prank(HOLDER);
        vm.expectRevert();
        guardian.cancel(id);
        _voteAndQueue(id, 1);
        vm.prank(HOLDER);
        guardian.cancel(id);
        assertEq(uint256(governor.state(id)), uint256(IGovernor.ProposalState.Canceled), "cancelled");
        (OpenTimelock lock, bytes32 operation) = governor.queued(id);
        assertTrue(!lock.isOperation(operation), "also in the timelock");
    }

    function test_the_guardian_cannot_cancel_its_own_replacement() public {
        uint256 id = _pass(address(guardian), abi.encodeCall(Guardian.appoint, (SMALL)));
        vm.prank(HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, address(guardian)));
        guardian.cancel(id);
        vm.warp(block.timestamp + 7 days);
        governor.execute(id);
        assertEq(guardian.holder(), SMALL, "replaced");
    }

    function test_the_proposer_cancels_before_the_vote() public {
        uint256 id = _propose(address(params), _feeCall(300));
        vm.prank(VOTER);
        governor.cancel(id);
        assertEq(uint256(governor.state(id)), uint256(IGovernor.ProposalState.Canceled), "cancelled");
    }

    function test_settings_change_only_by_decision() public {
        vm.expectRevert();
        governor.setVotingPeriod(1);
        uint256 id = _pass(address(governor), abi.encodeCall(governor.setVotingPeriod, (3 days)));
        vm.warp(block.timestamp + 7 days);
        governor.execute(id);
        assertEq(governor.votingPeriod(), 3 days, "decided");
    }

    function test_what_is_executed_at_the_timelock_directly_is_seen() public {
        uint256 id = _pass(address(params), _feeCall(300));
        vm.warp(block.timestamp + 2 days);
        (OpenTimelock lock,) = governor.queued(id);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes("proposal"));
        lock.executeBatch(_one(address(params)), new uint256[](1), _oneCall(_feeCall(300)), 0, salt);
        assertEq(uint256(governor.state(id)), uint256(IGovernor.ProposalState.Executed), "executed");
    }

    function test_a_delay_never_falls_below_its_floor() public {
        OpenTimelock slow = governor.timelockSlow();
        uint256 id = _pass(address(slow), abi.encodeCall(OpenTimelock.updateDelay, (7 days - 1)));
        vm.warp(block.timestamp + 7 days);
        vm.expectRevert(
            abi.encodeWithSelector(OpenTimelock.TimelockDelayTooShort.selector, 7 days - 1, slow.DELAY_FLOOR())
        );
        governor.execute(id);
        vm.expectRevert();
        slow.updateDelay(8 days);
    }

    function test_a_delay_may_grow() public {
        OpenTimelock slow = governor.timelockSlow();
        uint256 id = _pass(address(slow), abi.encodeCall(OpenTimelock.updateDelay, (8 days)));
        vm.warp(block.timestamp + 7 days);
        governor.execute(id);
        assertEq(slow.getMinDelay(), 8 days, "longer");
    }

    function test_nobody_else_holds_a_role_in_the_timelocks() public view {
        for (uint256 i; i < 2; ++i) {
            OpenTimelock lock = i == 0 ? governor.timelockSlow() : governor.timelockFast();
            assertTrue(lock.hasRole(lock.PROPOSER_ROLE(), address(governor)), "governor proposes");
            assertTrue(lock.hasRole(lock.EXECUTOR_ROLE(), address(0)), "anyone executes");
            assertTrue(!lock.hasRole(lock.DEFAULT_ADMIN_ROLE(), address(this)), "the deployer has nothing");
            assertTrue(!lock.hasRole(lock.PROPOSER_ROLE(), address(0)), "nobody else proposes");
            assertTrue(!lock.hasRole(lock.CANCELLER_ROLE(), HOLDER), "the guardian goes through the governor");
        }
    }

    function test_an_extra_proposer_exists_only_where_named() public {
        OpenGovernor.Config memory c = _config();
        c.extraProposer = SMALL;
        OpenTimelock slow = new OpenGovernor(c).timelockSlow();
        assertTrue(slow.hasRole(slow.PROPOSER_ROLE(), SMALL), "named");
    }

    function test_a_nonsense_configuration_is_refused() public {
        for (uint256 i; i < 3; ++i) {
            OpenGovernor.Config memory c = _config();
            if (i == 0) c.quorumFloor = 0;
            if (i == 1) c.fastDelay = 0;
            if (i == 2) c.slowDelay = c.fastDelay - 1;
            vm.expectRevert(OpenGovernor.GovernorConfigInvalid.selector);
            new OpenGovernor(c);
        }
    }
}
