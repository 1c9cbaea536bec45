import type { Mutant } from './mutant.ts';

/** Below contracts/test; the ledger's invariants are asked too, after them. */
type Suite = '' | 'Disputes' | 'Pause' | 'Accounts';

const ledger = (suite: Suite, name: string, search: string, replace: string): Mutant => ({
  name: `ledger: ${name}`,
  file: 'AttributionLedger.sol',
  search,
  replace,
  suites: [`AttributionLedger${suite}.t`, 'AttributionLedger.invariant.t'],
});
const accounts = (name: string, search: string, replace: string): Mutant => ({
  name: `accounts: ${name}`,
  file: 'lib/LedgerAccounts.sol',
  search,
  replace,
  suites: ['AttributionLedgerAccounts.t'],
});

const proof = (name: string, search: string, replace: string): Mutant => ({
  name: `proof: ${name}`,
  file: 'lib/EarningsProof.sol',
  search,
  replace,
  suites: ['EarningsProof.t'],
});
const lock = (name: string, search: string, replace: string): Mutant => ({
  name: `lock: ${name}`,
  file: 'lib/TransientLock.sol',
  search,
  replace,
  suites: ['Reentrancy.t'],
});

/** Faults of the ledger and of whom it pays. */
export const ledgerMutants: readonly Mutant[] = [
  ledger('', 'a total need not be funded', 'if (total > t.funded)', 'if (total > type(uint96).max)'),
  ledger('', 'a total may fall', 'if (total < p.total())', 'if (total > type(uint96).max)'),
  ledger('', 'no distance between epochs', 'if (activeAt < earliest)', 'if (activeAt > type(uint40).max)'),
  ledger('', 'any head will do', 'if (prev != head)', 'if (prev > head)'),
  ledger('Disputes', 'no cap on pending epochs', 'if (p.carried() >= MAX_PENDING)', 'if (p.carried() > 200)'),
  ledger('', 'submission without a bond', 'if (b.amount < PUBLISHER_BOND || b.index == 0)', 'if (b.index == 0)'),
  ledger('Disputes', 'a credited reward counts as a bond', ' || b.index == 0)', ')'),
  ledger('Disputes', 'submission during a dispute', 'if (t.frozen) revert LedgerDisputed(_marks.frozenFrom);', ''),
  ledger('Pause', 'submission during a pause', 'if (t.stopped) _requireOpen();', ''),
  ledger('Pause', 'submission in an outage', 'if (address(UPTIME_FEED) != address(0)) _requireSteady();', ''),
  ledger('Pause', 'a window that an outage shortens', ' || block.timestamp < _steadyFrom() ?', ' ?'),
  ledger(
    '',
    'active one second early',
    'return block.timestamp < e.activeAt() ||',
    'return block.timestamp + 1 < e.activeAt() ||',
  ),
  ledger('Disputes', 'frozen epochs are active', 'if (frozenFrom != 0 && id >= frozenFrom) return State.Frozen;', ''),
  ledger(
    'Disputes',
    'a freeze spares the epoch itself',
    'if (frozenFrom != 0 && id >= frozenFrom)',
    'if (frozenFrom != 0 && id > frozenFrom)',
  ),
  ledger('', 'claims on any epoch', 'if (id > _totals.activeId) _activate(id);', ''),
  ledger('', 'paid again and again', 'sstore(a.slot, add(word, amount))', ''),
  ledger('Accounts', 'a claim forgets the recipient', 'add(word, amount)', 'add(claimed, amount)'),
  ledger('', 'the whole cumulative each time', 'amount = cumulative - claimed;', 'amount = cumulative;'),
  ledger('', 'no cover', 'if (balance < _totals.reserve) revert', 'if (balance == type(uint256).max) revert'),
  ledger('', 'cover without the newest epoch', 'if (newest > _totals.activeId) _activate(newest);', ''),
  ledger('', 'activation keeps the reserve', '_totals.reserve -= total - _marks.activeTotal;', ''),
  ledger('', 'activation forgets the total', '_marks.activeTotal = total;', ''),
  ledger(
    '',
    'a withdrawn bond stays in reserve',
    '_totals.reserve -= amount;\n        emit BondWithdrawn',
    'emit BondWithdrawn',
  ),
  ledger('', 'a bond leaves while its epoch is pending', '_requireNonePending(b.index);', ''),
  ledger(
    'Disputes',
    'revoked epochs keep their root',
    'Epoch({top: 0, word: e.revoked()})',
    'Epoch({top: _epochs[id].top, word: e.revoked()})',
  ),
  ledger(
    'Disputes',
    'revocation leaves later epochs',
    'uint32 id = _head(last + 1);\n        while',
    'uint32 id = from;\n        while',
  ),
  ledger('Disputes', 'challengers of successors lose their bond', 'bonds[d.challenger].amount += _bondOf(d);', ''),
  ledger(
    'Disputes',
    'anyone judges',
    'if (msg.sender != directory.addressOf(keccak256("DisputeCourt"))) revert LedgerForbidden(msg.sender);',
    '',
  ),
  ledger('Disputes', 'anyone vetoes', 'if (msg.sender != guardian) revert LedgerForbidden(msg.sender);', ''),
  ledger(
    'Disputes',
    'an active epoch is vetoed',
    '_requirePending(id);\n        _revoke(id, Reason.Vetoed);',
    '_revoke(id, Reason.Vetoed);',
  ),
  ledger('Disputes', 'expired at once', 'if (block.timestamp < expiresAt) revert', 'if (block.timestamp == 0) revert'),
  ledger(
    'Disputes',
    'a lost challenge costs no more next time',
    'losses < MAX_DOUBLINGS ? losses + 1 : losses',
    'losses',
  ),
  ledger('Disputes', 'a rejected challenge renews nothing', '        _renew(id);\n', ''),
  ledger('Disputes', 'the slash stays in reserve', '_totals.reserve -= amount - reward;', ''),
  ledger('Disputes', 'an equal amount is a conflict', 'cumulativeA > cumulativeB;', 'cumulativeA >= cumulativeB;'),
  ledger('Disputes', 'a revoked epoch is evidence', '_epochs[a].word.status() == EpochWords.LIVE && ', ''),
  ledger(
    'Accounts',
    'a signature gets around a recipient',
    'if (uint160(recipient) > uint160(HELD)) revert LedgerRecipientFixed',
    'if (uint160(recipient) == 2) revert LedgerRecipientFixed',
  ),
  accounts(
    'anyone sets a recipient',
    'if (msg.sender != controllerOf(account)) revert',
    'if (msg.sender == address(0)) revert',
  ),
  accounts('no delay', 'if (block.timestamp < c.readyAt) revert LedgerChangeNotReady(c.readyAt);', ''),
  accounts('handles are paid to nobody', 'if (isHandle(account)) revert LedgerHandleUnbound(account);', ''),
  accounts(
    'claims go on during a rotation',
    'if (recipient == HELD) revert LedgerRotationPending(account);',
    'if (recipient == HELD) return account;',
  ),
  accounts('the authority reaches paid accounts', 'if (a.claimed != 0 || ', 'if ('),
  accounts('the authority rebinds handles', ' || uint160(a.recipient) > uint160(HELD))', ')'),
  accounts('acting is no sign of life', 'if (recoveries[account] == address(0)) recoveries[account] = account;', ''),
  accounts('rotation signatures live on', 'nonces[account]++, deadline', 'nonces[account], deadline'),
  accounts('signatures never expire', 'if (block.timestamp > deadline) revert LedgerSignatureExpired(deadline);', ''),
  accounts('unsigned', '|| !valid) revert', '|| false) revert'),
  accounts(
    'nobody signs for a missing authority',
    'if (signer == address(0) || !valid)',
    'if (signer != address(0) && !valid)',
  ),
  accounts('a wallet moves after the short delay', 'slow ? 4 * ROTATION_DELAY : ROTATION_DELAY', 'ROTATION_DELAY'),
  accounts(
    'the guardian cancels recipients',
    'if (msg.sender != guardian || kind == Kind.Recipient) {',
    'if (msg.sender != guardian) {',
  ),
  accounts(
    'a sign of life leaves the rotation',
    'if (kind == Kind.Recovery || kind == Kind.Authority) _cancel(account);',
    '',
  ),
  {
    ...ledger(
      '',
      'a pause stops expiry',
      'function expire(uint32 id) external {',
      'function expire(uint32 id) external {\n        _requireOpen();',
    ),
    suites: ['Exits.invariant.t'],
  },
  {
    ...ledger(
      '',
      'a pause stops claims',
      'if (id > _totals.activeId) _activate(id);',
      'if (id > _totals.activeId) _activate(id);\n        _requireOpen();',
    ),
    suites: ['Exits.invariant.t'],
  },
  proof('odd levels are skipped', 'lt(next, odd)', 'lt(odd, next)'),
  proof('three of four levels', 'add(next, 64)', 'add(next, 32)'),
  proof('siblings in given order', 'let place := shl(5, gt(hash, sibling)) // the', 'let place := 0 // the'),
  lock('the lock is never taken', '_locked = 1;', ''),
  lock('the lock is never asked', 'if (_locked != 0) revert ReentrancyGuardReentrantCall();', ''),
  lock('the lock stays', '_locked = 0;', ''),
  {
    name: 'ledger: the balance of the caller',
    file: 'lib/OwnBalance.sol',
    search: 'mstore(0x04, address())',
    replace: 'mstore(0x04, caller())',
    suites: ['AttributionLedger.t'],
  },
];
