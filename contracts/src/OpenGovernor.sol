// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorStorage} from "@openzeppelin/contracts/governance/extensions/GovernorStorage.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";
import {OpenTimelock} from "./OpenTimelock.sol";

/// @title OpenGovernor: holders of GOPEN decide, in public and with time to leave
/// @notice
/// PURPOSE      OpenZeppelin's Governor over GOPEN, with two timelocks of its own making instead of one. A proposal all of
///              whose calls go to Params, without coins, is executed by TimelockFast; every other by TimelockSlow. Who is
///              called checks which timelock calls, so the choice can delay a decision but never give it more power.
/// TRUST        A majority of the votes cast, above the quorum, within what the called contracts allow: exits never pause,
///              parameters have bounds in code, no core contract can be replaced in place. GUARDIAN may cancel a proposal
///              while it waits in a timelock, except one that only replaces the Guardian.
/// UNITS        Votes in wei of GOPEN; times in seconds of block time (ERC-6372 by timestamp). The delay is between proposal
///              and snapshot, so that borrowed or freshly bought votes must be held by then.
/// ROUNDING     4 % of the supply rounds down; the floor is absolute.
/// ASSUMPTIONS  Votes staked elsewhere do not vote. GOPEN's supply may be small: therefore the floor.
/// CANNOT HAPPEN  A decision with fewer votes than QUORUM_FLOOR in favour or abstaining, whatever the supply and whatever the
///              settings; a decision executed before its timelock's delay; a setting changed but by TimelockSlow.
contract OpenGovernor is
    GovernorSettings,
    GovernorCountingSimple,
    GovernorStorage,
    GovernorVotes,
    GovernorPreventLateQuorum
{
    /// @dev `extraProposer` may schedule in both timelocks without a vote: 0 on every public chain.
    struct Config {
        IVotes votes;
        IDirectory directory;
        address guardian;
        address extraProposer;
        uint48 votingDelay;
        uint32 votingPeriod;
        uint48 lateExtension;
        uint256 threshold;
        uint256 quorumFloor;
        uint256 slowDelay;
        uint256 fastDelay;
    }

    error GovernorConfigInvalid();

    uint256 public constant QUORUM_PERCENT = 4;
    bytes32 private constant PARAMS = keccak256("Params");
    IDirectory public immutable directory;
    address public immutable guardian;
    uint256 public immutable QUORUM_FLOOR;
    OpenTimelock public immutable timelockSlow;
    OpenTimelock public immutable timelockFast;

    struct Queued {
        OpenTimelock timelock;
        bytes32 operation;
    }

    /// @notice Where a queued proposal waits, and under which id there.
    mapping(uint256 proposalId => Queued) public queued;

    constructor(Config memory c)
        Governor("OpenGovernor")
        GovernorSettings(c.votingDelay, c.votingPeriod, c.threshold)
        GovernorVotes(c.votes)
        GovernorPreventLateQuorum(c.lateExtension)
    {
        if (c.quorumFloor == 0 || c.fastDelay == 0 || c.slowDelay < c.fastDelay) revert GovernorConfigInvalid();
        directory = c.directory;
        guardian = c.guardian;
        QUORUM_FLOOR = c.quorumFloor;
        address[] memory proposers = new address[](c.extraProposer == address(0) ? 1 : 2);
        proposers[0] = address(this);
        if (c.extraProposer != address(0)) proposers[1] = c.extraProposer;
        address[] memory anyone = new address[](1);
        timelockSlow = new OpenTimelock(c.slowDelay, proposers, anyone);
        timelockFast = new OpenTimelock(c.fastDelay, proposers, anyone);
    }

    /// @notice Votes in favour or abstaining that a proposal with this snapshot needs: 4 % of the supply, at least the floor.
    function quorum(uint256 timepoint) public view override returns (uint256) {
        uint256 share = token().getPastTotalSupply(timepoint) * QUORUM_PERCENT / 100;
        return share < QUORUM_FLOOR ? QUORUM_FLOOR : share;
    }

    /// @notice Also asks the timelock: whoever executes or cancels there directly is seen here.
    function state(uint256 proposalId) public view override returns (ProposalState) {
        ProposalState current = super.state(proposalId);
        if (current != ProposalState.Queued) return current;
        Queued memory q = queued[proposalId];
        if (q.timelock.isOperationPending(q.operation)) return ProposalState.Queued;
        return q.timelock.isOperationDone(q.operation) ? ProposalState.Executed : ProposalState.Canceled;
    }

    function proposalNeedsQueuing(uint256) public pure override returns (bool) {
        return true;
    }

    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, GovernorStorage) returns (uint256) {
        return super._propose(targets, values, calldatas, description, proposer);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override returns (uint48) {
        OpenTimelock timelock = _timelockOf(targets, values);
        uint256 delay = timelock.getMinDelay();
        bytes32 salt = _saltOf(descriptionHash);
        bytes32 operation = timelock.hashOperationBatch(targets, values, calldatas, 0, salt);
        queued[proposalId] = Queued(timelock, operation);
        timelock.scheduleBatch(targets, values, calldatas, 0, salt, delay);
        return uint48(block.timestamp + delay);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override {
        OpenTimelock timelock = queued[proposalId].timelock;
        timelock.executeBatch{value: msg.value}(targets, values, calldatas, 0, _saltOf(descriptionHash));
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override returns (uint256 proposalId) {
        proposalId = super._cancel(targets, values, calldatas, descriptionHash);
        Queued memory q = queued[proposalId];
        if (q.operation != 0) q.timelock.cancel(q.operation);
    }

    /// @dev The guardian may cancel what waits in a timelock, but not its own replacement.
    function _validateCancel(uint256 proposalId, address caller) internal view override returns (bool) {
        if (caller != guardian) return super._validateCancel(proposalId, caller);
        return state(proposalId) == ProposalState.Queued && !_onlyReplacesGuardian(proposalId);
    }

    function _onlyReplacesGuardian(uint256 proposalId) private view returns (bool) {
        (address[] memory targets,,,) = proposalDetails(proposalId);
        for (uint256 i; i < targets.length; ++i) {
            if (targets[i] != guardian) return false;
        }
        return true;
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _executor() internal view override returns (address) {
        return address(timelockSlow);
    }

    function _timelockOf(address[] memory targets, uint256[] memory values) private view returns (OpenTimelock) {
        address params = directory.addressOf(PARAMS);
        for (uint256 i; i < targets.length; ++i) {
            if (targets[i] != params || values[i] != 0) return timelockSlow;
        }
        return timelockFast;
    }

    /// @dev Bound to this Governor, so that two of them could share a timelock without collisions.
    function _saltOf(bytes32 descriptionHash) private view returns (bytes32) {
        return bytes20(address(this)) ^ descriptionHash;
    }
}
