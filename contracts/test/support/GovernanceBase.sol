// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Directory} from "../../src/Directory.sol";
import {GovernanceOpen} from "../../src/GovernanceOpen.sol";
import {Guardian} from "../../src/Guardian.sol";
import {OpenGovernor} from "../../src/OpenGovernor.sol";
import {Params} from "../../src/Params.sol";
import {ParamKeys} from "../../src/lib/ParamKeys.sol";
import {Std} from "./Std.sol";
import {PlainOpen} from "./Tokens.sol";

/// @dev Governance as on a public chain: 10,000,000 GOPEN at VOTER, and a Safe's place taken by HOLDER.
abstract contract GovernanceBase is Std {
    address internal constant TREASURER = address(0x9001);
    address internal constant VOTER = address(0x9002);
    address internal constant SMALL = address(0x9003);
    address internal constant HOLDER = address(0x9004);
    PlainOpen internal open;
    GovernanceOpen internal gopen;
    Directory internal directory;
    Guardian internal guardian;
    OpenGovernor internal governor;
    Params internal params;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        open = new PlainOpen(TREASURER);
        gopen = new GovernanceOpen(open);
        directory = new Directory(address(this));
        guardian = new Guardian(directory, HOLDER);
        governor = new OpenGovernor(_config());
        params = new Params(address(governor.timelockFast()), 1);
        directory.set(keccak256("Params"), address(params));
        directory.set(keccak256("OpenGovernor"), address(governor));
        directory.set(keccak256("TimelockSlow"), address(governor.timelockSlow()));
        _deployMore();
        directory.transferOwnership(address(governor.timelockSlow()));
        _wrap(VOTER, 10_000_000 ether);
        vm.warp(block.timestamp + 1);
    }

    /// @dev What a test needs in the directory before it is handed over.
    function _deployMore() internal virtual {}

    function _config() internal view returns (OpenGovernor.Config memory) {
        return OpenGovernor.Config({
            votes: gopen,
            directory: directory,
            guardian: address(guardian),
            extraProposer: address(0),
            votingDelay: 2 days,
            votingPeriod: 5 days,
            lateExtension: 1 days,
            threshold: 100_000 ether,
            quorumFloor: 5_000_000 ether,
            slowDelay: 7 days,
            fastDelay: 2 days
        });
    }

    function _wrap(address who, uint256 amount) internal {
        vm.prank(TREASURER);
        open.transfer(who, amount);
        vm.startPrank(who);
        open.approve(address(gopen), amount);
        gopen.wrapAndDelegate(amount, who);
        vm.stopPrank();
    }

    function _feeCall(uint256 bps) internal pure returns (bytes memory) {
        return abi.encodeCall(Params.set, (ParamKeys.PROTOCOL_FEE_BPS, bps, 0));
    }

    function _one(address target) internal pure returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = target;
    }

    function _oneCall(bytes memory data) internal pure returns (bytes[] memory calls) {
        calls = new bytes[](1);
        calls[0] = data;
    }

    function _propose(address target, bytes memory data) internal returns (uint256) {
        vm.prank(VOTER);
        return governor.propose(_one(target), new uint256[](1), _oneCall(data), "proposal");
    }

    function _voteAndQueue(uint256 id, uint8 support) internal {
        vm.warp(governor.proposalSnapshot(id) + 1);
        vm.prank(VOTER);
        governor.castVote(id, support);
        vm.warp(governor.proposalDeadline(id) + 1);
        governor.queue(id);
    }

    function _pass(address target, bytes memory data) internal returns (uint256 id) {
        id = _propose(target, data);
        _voteAndQueue(id, 1);
    }
}
