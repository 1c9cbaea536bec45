import type { Mutant } from './mutant.ts';

const channelSuites = ['InferenceChannels.t'];

const channels = (name: string, search: string, replace: string): Mutant => ({
  name: `channels: ${name}`,
  file: 'InferenceChannels.sol',
  search,
  replace,
  suites: [...channelSuites, 'InferenceChannels.invariant.t'],
});
const exits = (name: string, search: string, replace: string): Mutant => ({
  ...channels(name, search, replace),
  suites: ['Exits.invariant.t'],
});
const vault = (name: string, search: string, replace: string): Mutant => ({
  name: `service vault: ${name}`,
  file: 'ServiceVault.sol',
  search,
  replace,
  suites: ['ServiceVaults.t'],
});
const vaults = (name: string, search: string, replace: string): Mutant => ({
  ...vault(name, search, replace),
  file: 'ServiceVaults.sol',
});
const pause = (name: string, search: string, replace: string): Mutant => ({
  name: `pause: ${name}`,
  file: 'lib/GuardianPause.sol',
  search,
  replace,
  suites: channelSuites,
});

/** Faults of the channels, of what receives from them without a gateway, and of the guardian's pause. */
export const channelMutants: readonly Mutant[] = [
  channels('more than was signed', 'if (total > row.maxClaimable) revert', 'if (total == type(uint256).max) revert'),
  channels('more than is there', 'if (total > balance) total = balance;', ''),
  channels('any signature', 'if (recovered != c.signer) revert', 'if (recovered == address(0)) revert'),
  channels('old vouchers count again', 'if (total <= claimed) return 0;', 'if (total == 0) return 0;'),
  channels('vouchers of other receivers', 'if (c.receiver != receiver) revert', 'if (c.receiver == address(0)) revert'),
  channels('settled twice', 'due[receiver] = 0;', ''),
  channels(
    'withdrawn at once',
    'if (block.timestamp < c.withdrawAt) revert ChannelWithdrawNotReady(c.withdrawAt);',
    '',
  ),
  channels('a withdrawal takes what was claimed', 'if (amount > free) amount = free;', ''),
  channels(
    'a withdrawal keeps the balance',
    '        c.withdrawAt = 0;\n        c.withdrawing = 0;\n        c.balance -= amount;',
    '        c.withdrawAt = 0;\n        c.withdrawing = 0;',
  ),
  channels('anyone refunds', '_requireReceiver(c.receiver, msg.sender);', ''),
  channels('a tower signs for itself', '_requireReceiver(receiver, signer);', ''),
  channels('a tower chooses the totals', 'rows[i].id, rows[i].total)', 'rows[i].id, uint128(0))'),
  channels('a tower without end', 'if (block.timestamp > deadline) revert ChannelSignatureExpired(deadline);', ''),
  channels('a gift is the giver’s', 'c.payer = payer;', 'c.payer = msg.sender;'),
  channels(
    'deposits during a pause',
    '        _requireOpen();\n        Channel storage c',
    '        Channel storage c',
  ),
  exits(
    'a pause stops settlement',
    'function settle(address receiver) external nonReentrant returns (uint256 amount) {',
    'function settle(address receiver) external nonReentrant returns (uint256 amount) {\n        _requireOpen();',
  ),
  exits(
    'a pause stops withdrawals',
    'function withdraw(bytes32 id) external nonReentrant returns (uint96 amount) {',
    'function withdraw(bytes32 id) external nonReentrant returns (uint96 amount) {\n        _requireOpen();',
  ),
  vault('the fee has no bound', 'bps > MAX_FEE_BPS ? MAX_FEE_BPS : bps', 'bps'),
  vault('parts of the whole, not of the rest', '(amount - fee) * parts[i].bps', 'amount * parts[i].bps'),
  vault('the first payee has no rest', 'left -= part;', ''),
  vault('anyone names operators', 'if (msg.sender != owner()) revert VaultForbidden(msg.sender);', ''),
  vault('channels are not asked', 'channels.settle(address(this));', ''),
  vaults('any sum', 'if (sum != 10_000 || ', 'if (sum > 10_000 || '),
  vaults('any number of payees', ' || shares.length > MAX_PAYEES) revert', ') revert'),
  vaults('terms are not in the address', 'abi.encode(owner, shares), salt);', 'abi.encode(msg.sender, shares), salt);'),
  pause('no cool-down', 'if (block.timestamp < freeFrom) revert PauseCoolingDown(freeFrom);', ''),
  pause('closed without a sunset', 'if (isClosed || !directory.isSunset(address(this)))', 'if (isClosed)'),
  pause('anyone stops', 'if (msg.sender != guardian) revert PauseForbidden(msg.sender);', ''),
];
