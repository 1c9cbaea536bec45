import type { Mutant } from './mutant.ts';

const of =
  (subject: string, file: string, suites: readonly string[]) =>
  (name: string, search: string, replace: string): Mutant => ({
    name: `${subject}: ${name}`,
    file,
    search,
    replace,
    suites,
  });

const governor = of('governor', 'OpenGovernor.sol', ['OpenGovernor.t']);
const timelock = of('timelock', 'OpenTimelock.sol', ['OpenGovernor.t']);
const guardian = of('guardian', 'Guardian.sol', ['Guardian.t']);
const votes = of('votes', 'GovernanceOpen.sol', ['GovernanceOpen.t']);
const zap = of('zap', 'NativeZap.sol', ['NativeZap.t']);
const wrapper = of('wrapper', 'WrappedOpen.sol', ['NativeZap.t']);

const quorum = 'return share < QUORUM_FLOOR ? QUORUM_FLOOR : share;';
const lane = 'if (targets[i] != params || values[i] != 0) return timelockSlow;';
const brake = 'return state(proposalId) == ProposalState.Queued && !_onlyReplacesGuardian(proposalId);';

/** Faults of governance: who decides, how long it waits, what the guardian may, what is wrapped. */
export const governanceMutants: readonly Mutant[] = [
  governor('no floor', quorum, 'return share;'),
  governor('no share', quorum, 'return QUORUM_FLOOR;'),
  governor('coins are fast', lane, 'if (targets[i] != params) return timelockSlow;'),
  governor('one call decides', lane, 'if (targets[i] == params) return timelockFast;'),
  governor('cancelled here only', 'if (q.operation != 0) q.timelock.cancel(q.operation);', ''),
  governor('guardian stays', brake, 'return state(proposalId) == ProposalState.Queued;'),
  governor('guardian at any time', brake, 'return !_onlyReplacesGuardian(proposalId);'),
  governor(
    'executed there unseen',
    'return q.timelock.isOperationDone(q.operation) ? ProposalState.Executed : ProposalState.Canceled;',
    'return ProposalState.Canceled;',
  ),
  governor('fast settings', 'return address(timelockSlow);\n    }', 'return address(timelockFast);\n    }'),
  timelock('floor off by one', 'if (newDelay < DELAY_FLOOR) revert', 'if (newDelay < DELAY_FLOOR - 1) revert'),
  guardian('lapses late', 'if (block.timestamp >= until) revert', 'if (block.timestamp > until) revert'),
  guardian('anyone brakes', 'if (msg.sender != holder) revert GuardianForbidden(msg.sender);', ''),
  guardian('anyone appoints', 'if (msg.sender != directory.addressOf(SLOW)) revert GuardianForbidden(msg.sender);', ''),
  votes('taxed token', 'if (received != value) revert', 'if (received > value) revert'),
  votes('wrapped, not delegated', '_delegate(msg.sender, delegatee);', ''),
  zap('keeps the rest', 'if (rest != 0) {', 'if (rest == 0) {'),
  zap('allowance stays', 'wrapper.approve(target, 0);', ''),
  zap('zap is the payer', 'channels.openFor(msg.sender, receiver', 'channels.openFor(address(this), receiver'),
  zap(
    'stakes for itself',
    'pools.stake(pool, _wrapFor(address(pools)), msg.sender);',
    'pools.stake(pool, _wrapFor(address(pools)), address(this));',
  ),
  zap('coins of anyone', 'if (msg.sender != address(wrapper)) revert ZapOnlyFromWrapper(msg.sender);', ''),
  wrapper('burns nothing', '_burn(msg.sender, amount);', ''),
];
