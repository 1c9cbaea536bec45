// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {IUptimeFeed} from "./interfaces/IUptimeFeed.sol";
import {EarningsProof} from "./lib/EarningsProof.sol";
import {EpochWord, EpochWords} from "./lib/EpochWord.sol";
import {GuardianPause} from "./lib/GuardianPause.sol";
import {LedgerAccounts} from "./lib/LedgerAccounts.sol";
import {LedgerTypes} from "./lib/LedgerTypes.sol";
import {OwnBalance} from "./lib/OwnBalance.sol";
import {TransientLock} from "./lib/TransientLock.sol";

/// @title AttributionLedger: settlement of Proof-of-Attribution earnings
/// @notice
/// PURPOSE      Holds the money that contributors, model owners, apps and validators earned. A bonded publisher posts one
///              root per epoch over *cumulative* earnings; after a window anyone may claim against it.
///
/// EPOCHS       top = H(sort(earningsRoot, receiptsRoot)). A leaf of earnings is OpenZeppelin's StandardMerkleTree leaf
///              of (address account, uint256 cumulative). Leaves of receipts have three or more words, so neither can
///              pass for the other. An epoch is pending until `activeAt`, then active for ever: later roots, omissions
///              and disputes never take away what was once active.
/// SOLVENCY     `reserve` is what claims must leave here: all bonds, and what was funded beyond the total of the newest
///              epoch that was claimed against. Each claim ends by holding the token's real balance against it, so what all
///              claims took is at most that total, without a word written for it.
/// DISPUTES     A bonded challenge freezes its epoch and all later ones. Rejected: a fresh window for all of them, and
///              the challenger's bond goes to the publisher. Upheld: the epoch and its successors are revoked, the
///              publisher is slashed, half to the challenger and half to the treasury. Unresolved: revoked after
///              DISPUTE_TIMEOUT and nobody loses a bond. Two contradicting leaves revoke and slash without a judge.
///
/// TRUST        Publishers are trusted with nothing beyond the window: one honest replayer is enough. "DisputeCourt" of the
///              directory decides challenges and can at most delay or revoke pending epochs and slash one bond per decision.
///              GUARDIAN may veto pending epochs and stop submissions for 72 hours; neither can move funds or touch active
///              epochs. Who decides about recipients: LedgerAccounts. UPTIME_FEED, where the chain has one, can only
///              delay: nothing becomes active, and nothing is submitted, while it says that the sequencer is or was down
///              within the last WINDOW.
/// UNITS        Wei of the token as uint96; times in seconds of block time.
/// ROUNDING     None here: epochs are integers whose leaves sum to `total`. A slash of odd size gives the wei to the treasury.
/// ASSUMPTIONS  The token moves exact amounts and never rebases. Blocks come often enough within WINDOW to challenge. Tokens
///              sent here outside `fund` are nobody's: a lying epoch that nobody challenged could take them, and no more.
/// CANNOT HAPPEN  claimed > total of the newest active epoch; that total > funded; an account paid twice or more than its
///              leaf; a claim on a pending, frozen or revoked epoch; balance != funded - claimed + bonds (+ gifts).
contract AttributionLedger is LedgerTypes, LedgerAccounts, TransientLock {
    using SafeERC20 for IERC20;
    using OwnBalance for IERC20;

    uint256 public constant SPACINGS_PER_WINDOW = 24;
    uint256 public constant MAX_PENDING = 48;
    uint256 public constant RECORD_PERIOD = 30 days;
    uint8 public constant MAX_DOUBLINGS = 10;

    IERC20 public immutable token;
    uint40 public immutable WINDOW;
    uint40 public immutable SPACING;
    uint40 public immutable DISPUTE_TIMEOUT;
    uint96 public immutable PUBLISHER_BOND;
    uint96 public immutable CHALLENGE_BOND;
    address public immutable treasury;
    IUptimeFeed public immutable UPTIME_FEED;

    Totals private _totals;
    Marks private _marks;
    uint32 public publisherCount;
    mapping(uint32 id => Epoch) private _epochs;
    mapping(address account => Bond) public bonds;
    mapping(uint32 index => address) public publishers;
    mapping(uint32 id => Dispute) private _disputes;
    mapping(address challenger => Record) public records;

    constructor(Config memory c)
        GuardianPause(c.guardian, c.directory)
        LedgerAccounts(c.recipientDelay, c.rotationDelay)
    {
        if (c.window < SPACINGS_PER_WINDOW || c.window > 7 days || c.disputeTimeout == 0) revert LedgerConfigInvalid();
        if (c.publisherBond == 0 || c.challengeBond == 0 || c.treasury == address(0)) revert LedgerConfigInvalid();
        token = c.token;
        WINDOW = c.window;
        SPACING = uint40(c.window / SPACINGS_PER_WINDOW);
        DISPUTE_TIMEOUT = c.disputeTimeout;
        PUBLISHER_BOND = c.publisherBond;
        CHALLENGE_BOND = c.challengeBond;
        treasury = c.treasury;
        UPTIME_FEED = c.uptimeFeed;
        _totals.nextId = 1;
    }

    // ------------------------------------------------------------------------------------------------ money in, bonds

    /// @notice Adds money that future epochs may distribute. Anyone may; `ref` names its source.
    function fund(uint96 amount, bytes32 ref) external nonReentrant {
        uint96 funded = _totals.funded + amount;
        _totals.funded = funded;
        _totals.reserve += amount;
        emit Funded(msg.sender, ref, amount, funded);
        _pull(amount);
    }

    /// @notice Adds to the caller's bond. PUBLISHER_BOND is needed to submit.
    function postBond(uint96 amount) external nonReentrant {
        Bond storage b = bonds[msg.sender];
        if (b.index == 0) {
            b.index = ++publisherCount;
            publishers[b.index] = msg.sender;
        }
        b.amount += amount;
        _totals.reserve += amount;
        emit BondPosted(msg.sender, amount, b.amount);
        _pull(amount);
    }

    /// @notice Takes bond or credited rewards back, while no epoch of the caller is pending or frozen.
    function withdrawBond(uint96 amount) external nonReentrant {
        Bond storage b = bonds[msg.sender];
        _requireNonePending(b.index);
        if (b.amount < amount) revert LedgerBondTooLow(b.amount, amount);
        b.amount -= amount;
        _totals.reserve -= amount;
        emit BondWithdrawn(msg.sender, amount, b.amount);
        token.safeTransfer(msg.sender, amount);
    }

    // --------------------------------------------------------------------------------------------------------- epochs

    /// @notice Posts the next epoch. It becomes active WINDOW seconds later unless challenged.
    /// @param prev the newest live epoch that the publisher built upon (`headEpoch()`); naming it makes contradictions
    /// with it provably the publisher's own, and stops a transaction that was overtaken by another publisher's
    /// @param total the sum of all leaves: never falls, never exceeds what was funded
    /// @param uri where receipts, weights and leaves of the epoch are found, by content
    function submit(uint32 prev, bytes32 earningsRoot, bytes32 receiptsRoot, uint96 total, string calldata uri)
        external
        returns (uint32 id)
    {
        Totals memory t = _totals;
        if (t.frozen) revert LedgerDisputed(_marks.frozenFrom);
        if (t.stopped) _requireOpen();
        if (address(UPTIME_FEED) != address(0)) _requireSteady();
        if (total > t.funded) revert LedgerTotalNotFunded(total, t.funded);
        Bond memory b = bonds[msg.sender];
        // A challenger's credited reward is no publisher's bond until postBond has given it an index.
        if (b.amount < PUBLISHER_BOND || b.index == 0) revert LedgerBondTooLow(b.amount, PUBLISHER_BOND);
        id = t.nextId;
        uint40 activeAt = uint40(block.timestamp) + WINDOW;
        uint256 carry = _follow(prev, id, total, activeAt);
        t.nextId += 1;
        t.stopped = false;
        _totals = t;
        _epochs[id] = Epoch({
            top: Hashes.commutativeKeccak256(earningsRoot, receiptsRoot),
            word: EpochWords.make(total, activeAt, prev, b.index, carry)
        });
        emit EpochSubmitted(id, msg.sender, prev, earningsRoot, receiptsRoot, total, activeAt, uri);
    }

    /// @notice Freezes a pending epoch and all later ones against a bond, with evidence at `uri`.
    function challenge(uint32 id, string calldata uri) external nonReentrant {
        State state = stateOf(id);
        if (state != State.Pending && state != State.Frozen) revert LedgerEpochNotPending(id, state);
        if (_disputes[id].challenger != address(0)) revert LedgerAlreadyChallenged(id);
        uint8 losses = _lossesOf(msg.sender);
        uint96 bond = CHALLENGE_BOND << losses;
        _disputes[id] = Dispute({challenger: msg.sender, openedAt: uint40(block.timestamp), losses: losses});
        uint32 frozenFrom = _marks.frozenFrom;
        if (frozenFrom == 0 || id < frozenFrom) _setFrozenFrom(id);
        _totals.reserve += bond;
        emit EpochChallenged(id, msg.sender, bond, uri);
        _pull(bond);
    }

    /// @notice The court's decision on a challenge.
    function resolve(uint32 id, bool upheld) external nonReentrant {
        if (msg.sender != directory.addressOf(keccak256("DisputeCourt"))) revert LedgerForbidden(msg.sender);
        Dispute memory d = _disputes[id];
        if (d.challenger == address(0)) revert LedgerNotChallenged(id);
        if (upheld) {
            address publisher = publishers[_epochs[id].word.publisher()];
            _revoke(id, Reason.Upheld);
            _slash(publisher, d.challenger);
        } else {
            _reject(id, d);
        }
    }

    /// @notice Revokes an epoch whose challenge the court left undecided. Anyone may call; no bond is lost.
    function expire(uint32 id) external {
        Dispute memory d = _disputes[id];
        if (d.challenger == address(0)) revert LedgerNotChallenged(id);
        uint256 expiresAt = uint256(d.openedAt) + DISPUTE_TIMEOUT;
        if (block.timestamp < expiresAt) revert LedgerDisputeNotExpired(expiresAt);
        _revoke(id, Reason.Expired);
    }

    /// @notice The guardian revokes a pending epoch, for instance one whose data cannot be fetched. No bond is lost.
    function veto(uint32 id) external {
        if (msg.sender != guardian) revert LedgerForbidden(msg.sender);
        _requirePending(id);
        _revoke(id, Reason.Vetoed);
    }

    /// @notice Revokes pending epoch `b` and slashes its publisher at once, by two proven leaves of one account: either
    /// two amounts in one root (a == b), or an amount that fell since the earlier live epoch `a`.
    function proveConflict(
        uint32 a,
        uint32 b,
        address account,
        uint96 cumulativeA,
        bytes32[] calldata proofA,
        uint96 cumulativeB,
        bytes32[] calldata proofB
    ) external nonReentrant {
        _requirePending(b);
        bool fell = a < b && _epochs[a].word.status() == EpochWords.LIVE && cumulativeA > cumulativeB;
        bool twice = a == b && cumulativeA != cumulativeB;
        if (!fell && !twice) revert LedgerNoConflict();
        _requireLeaf(a, account, cumulativeA, proofA);
        _requireLeaf(b, account, cumulativeB, proofB);
        address publisher = publishers[_epochs[b].word.publisher()];
        _revoke(b, Reason.Conflict);
        _slash(publisher, msg.sender);
    }

    // --------------------------------------------------------------------------------------------------------- claims

    /// @notice Pays `account` (or its recipient) what active epoch `id` entitles it to and has not received. Anyone may call.
    function claim(uint32 id, address account, uint96 cumulative, bytes32[] calldata proof)
        external
        nonReentrant
        returns (uint96 amount)
    {
        amount = uint96(_claim(id, account, cumulative, proof, address(0)));
        if (amount == 0) revert LedgerNothingToClaim(account);
        _requireCovered();
    }

    /// @notice Many claims in one transaction. Rows with nothing left to claim are skipped; any other fault reverts all.
    function claimMany(Claim[] calldata rows) external nonReentrant returns (uint256 sum) {
        for (uint256 i; i < rows.length; ++i) {
            sum += _claim(rows[i].id, rows[i].account, rows[i].cumulative, rows[i].proof, address(0));
        }
        _requireCovered();
    }

    /// @notice Pays an account's claim to an address that the account signed, so that it needs no gas. Anyone may bring it.
    /// An account with a recipient cannot: its key alone must not redirect at once.
    function claimBySig(Claim calldata row, address to, uint256 deadline, bytes calldata signature)
        external
        nonReentrant
        returns (uint96 amount)
    {
        address recipient = accounts[row.account].recipient;
        if (uint160(recipient) > uint160(HELD)) revert LedgerRecipientFixed(row.account, recipient);
        if (!_canReceive(to)) revert LedgerRecipientInvalid(to);
        bytes32 message = keccak256(abi.encode(CLAIM_TO_TYPEHASH, row.account, to, row.cumulative, deadline));
        _requireSigned(row.account, message, deadline, signature);
        amount = uint96(_claim(row.id, row.account, row.cumulative, row.proof, to));
        if (amount == 0) revert LedgerNothingToClaim(row.account);
        _requireCovered();
    }

    // ---------------------------------------------------------------------------------------------------------- views

    /// @notice Money and counters. `claimed` follows from the token's balance, so gifts to this contract lower it.
    function totals() external view returns (uint96 funded, uint96 claimed, uint32 nextId, uint32 frozenFrom) {
        Totals memory t = _totals;
        return (t.funded, uint96(_claimedBy(token.ownBalance())), t.nextId, _marks.frozenFrom);
    }

    /// @notice An epoch: `top` is 0 once it is revoked; `status` 0 none, 1 live, 2 revoked; `prev` is the live epoch before it;
    /// `carried` counts what rejected challenges keep pending until `carriedUntil`.
    function epochs(uint32 id)
        external
        view
        returns (
            bytes32 top,
            uint96 total,
            uint40 activeAt,
            uint8 status,
            uint32 prev,
            uint32 publisher,
            uint8 carried,
            uint40 carriedUntil
        )
    {
        EpochWord e = _epochs[id].word;
        (carried, carriedUntil) = (e.carried(), e.carriedUntil());
        return (_epochs[id].top, e.total(), e.activeAt(), e.status(), e.prev(), e.publisher(), carried, carriedUntil);
    }

    /// @notice What claims must leave here, and the newest epoch that was claimed against with its total.
    function reserves() external view returns (uint96 reserve, uint32 activeId, uint96 activeTotal) {
        return (_totals.reserve, _totals.activeId, _marks.activeTotal);
    }

    function disputes(uint32 id) external view returns (address challenger, uint96 bond, uint40 openedAt) {
        Dispute memory d = _disputes[id];
        return (d.challenger, d.challenger == address(0) ? 0 : _bondOf(d), d.openedAt);
    }

    function stateOf(uint32 id) public view returns (State) {
        EpochWord e = _epochs[id].word;
        if (e.status() == 0) return State.None;
        if (e.status() == EpochWords.REVOKED) return State.Revoked;
        if (id <= _totals.activeId) return State.Active;
        uint32 frozenFrom = _marks.frozenFrom;
        if (frozenFrom != 0 && id >= frozenFrom) return State.Frozen;
        return block.timestamp < e.activeAt() || block.timestamp < _steadyFrom() ? State.Pending : State.Active;
    }

    /// @notice The newest live epoch (pending, frozen or active); 0 when there is none. The next `submit` names it.
    function headEpoch() external view returns (uint32) {
        return _head(_totals.nextId);
    }

    /// @notice The newest active epoch, the one to claim against; 0 when there is none.
    function claimableEpoch() public view returns (uint32 id) {
        id = _head(_totals.nextId);
        while (id != 0 && stateOf(id) != State.Active) id = _epochs[id].word.prev();
    }

    /// @notice The bond that `challenger` must pay: it doubles with each challenge lost within RECORD_PERIOD.
    function challengeBondOf(address challenger) public view returns (uint96) {
        return CHALLENGE_BOND << _lossesOf(challenger);
    }

    /// @notice The leaf of (account, cumulative), as OpenZeppelin's StandardMerkleTree computes it.
    function leafOf(address account, uint256 cumulative) public pure returns (bytes32) {
        return EarningsProof.leaf(account, cumulative);
    }

    // -------------------------------------------------------------------------------------------------------- private

    /// @dev In whole words, because solc leaves the upper bits of smaller numbers dirty, which assembly sees.
    /// @param cumulative an uint96
    /// @param to 0 for the account's own recipient
    function _claim(uint32 id, address account, uint256 cumulative, bytes32[] calldata proof, address to)
        private
        returns (uint256 amount)
    {
        if (id > _totals.activeId) _activate(id);
        bytes32 top = EarningsProof.root(proof, EarningsProof.leaf(account, cumulative));
        if (top != _epochs[id].top) _refuseLeaf(id, account);
        Account storage a = accounts[account];
        uint256 word; // what was claimed, and above it the recipient: read once and written once
        assembly ("memory-safe") {
            word := sload(a.slot)
        }
        uint256 claimed = uint96(word);
        if (cumulative <= claimed) return 0;
        unchecked {
            amount = cumulative - claimed; // cumulative > claimed
        }
        assembly ("memory-safe") {
            sstore(a.slot, add(word, amount)) // `cumulative` under the same recipient
        }
        emit Claimed(id, account, uint96(amount));
        address recipient = _payeeOf(account, address(uint160(word >> 96)));
        if (to != address(0)) recipient = to;
        token.safeTransfer(recipient, amount);
    }

    /// @dev The first claim against a newer epoch moves the mark up to it: it can never be revoked from here on.
    function _activate(uint32 id) private {
        State state = stateOf(id);
        if (state != State.Active) revert LedgerEpochNotActive(id, state);
        uint96 total = _epochs[id].word.total();
        _totals.reserve -= total - _marks.activeTotal; // totals never fall, and none is above what was funded
        _totals.activeId = uint24(id); // id < nextId
        _marks.activeTotal = total;
    }

    /// @dev What all claims took is within the total of the newest active epoch, also where only older ones were claimed
    /// against so far.
    function _requireCovered() private {
        uint256 balance = token.ownBalance();
        if (balance >= _totals.reserve) return;
        uint32 newest = claimableEpoch();
        if (newest > _totals.activeId) _activate(newest);
        if (balance < _totals.reserve) revert LedgerOverTotal(_claimedBy(balance), _marks.activeTotal);
    }

    /// @dev funded + bonds - balance, where bonds = reserve + activeTotal - funded.
    function _claimedBy(uint256 balance) private view returns (uint256) {
        uint256 owed = uint256(_totals.reserve) + _marks.activeTotal;
        return owed > balance ? owed - balance : 0;
    }

    function _requireLeaf(uint32 id, address account, uint96 cumulative, bytes32[] calldata proof) private view {
        bytes32 top = EarningsProof.root(proof, EarningsProof.leaf(account, cumulative));
        if (top != _epochs[id].top) _refuseLeaf(id, account);
    }

    function _refuseLeaf(uint32 id, address account) private view {
        State state = stateOf(id);
        if (state == State.None || state == State.Revoked) revert LedgerEpochNotActive(id, state); // their top is 0
        revert LedgerProofInvalid(id, account);
    }

    /// @dev Checks a new epoch against the head it builds upon, and returns what it inherits of `carried`.
    function _follow(uint32 prev, uint32 id, uint96 total, uint40 activeAt) private view returns (uint256 carry) {
        uint32 head = id - 1;
        EpochWord p = _epochs[head].word;
        if (p.status() == EpochWords.REVOKED) {
            head = p.prev();
            p = _epochs[head].word;
        }
        if (prev != head) revert LedgerNotHead(head, prev);
        if (head == 0) return 0;
        if (total < p.total()) revert LedgerTotalFell(p.total(), total);
        uint40 earliest = p.activeAt() + SPACING;
        if (activeAt < earliest) revert LedgerTooSoon(earliest - WINDOW);
        if (block.timestamp >= p.carriedUntil()) return 0;
        if (p.carried() >= MAX_PENDING) revert LedgerTooManyPending(p.carried());
        return EpochWords.carryOf(p.carried() + 1, p.carriedUntil());
    }

    /// @dev When the newest id is revoked, its `prev` was redirected to the newest live epoch.
    function _head(uint32 nextId) private view returns (uint32) {
        uint32 last = nextId - 1;
        EpochWord newest = _epochs[last].word;
        return newest.status() == EpochWords.REVOKED ? newest.prev() : last;
    }

    /// @dev Revokes `from` and every later live epoch, and gives their challengers their bonds back.
    function _revoke(uint32 from, Reason reason) private {
        uint32 last = _totals.nextId - 1;
        uint32 floor = _epochs[from].word.prev();
        uint32 id = _head(last + 1);
        while (id > floor) {
            EpochWord e = _epochs[id].word;
            _epochs[id] = Epoch({top: 0, word: e.revoked()}); // the top is what a claim looks at
            emit EpochRevoked(id, from, reason);
            Dispute memory d = _disputes[id];
            if (d.challenger != address(0)) {
                delete _disputes[id];
                bonds[d.challenger].amount += _bondOf(d);
                emit ChallengeBondReturned(id, d.challenger, _bondOf(d));
            }
            id = e.prev();
        }
        _epochs[last].word = _epochs[last].word.withPrev(floor);
        _setFrozenFrom(_lowestDispute(floor));
    }

    /// @dev Gives `id` and all later live epochs a fresh window, and the challenger's bond to the publisher.
    function _reject(uint32 id, Dispute memory d) private {
        delete _disputes[id];
        uint8 losses = _lossesOf(d.challenger);
        records[d.challenger] = Record({
            losses: losses < MAX_DOUBLINGS ? losses + 1 : losses, until: uint40(block.timestamp + RECORD_PERIOD)
        });
        bonds[publishers[_epochs[id].word.publisher()]].amount += _bondOf(d);
        emit ChallengeRejected(id, d.challenger, _bondOf(d));
        _renew(id);
        _setFrozenFrom(_lowestDispute(_head(_totals.nextId)));
    }

    function _renew(uint32 from) private {
        uint40 activeAt = uint40(block.timestamp) + WINDOW;
        uint32 head = _head(_totals.nextId);
        uint256 carry = EpochWords.carryOf(_pendingCount(head), activeAt);
        for (uint32 id = head; id >= from; id = _epochs[id].word.prev()) {
            _epochs[id].word = _epochs[id].word.renewed(activeAt, carry);
            emit EpochRenewed(id, activeAt);
        }
    }

    function _pendingCount(uint32 head) private view returns (uint8 count) {
        for (uint32 id = head; id != 0 && stateOf(id) != State.Active; id = _epochs[id].word.prev()) ++count;
    }

    /// @dev Disputes exist only on live epochs that are not active, so the walk ends at the first active one.
    function _lowestDispute(uint32 head) private view returns (uint32 lowest) {
        for (uint32 id = head; id != 0; id = _epochs[id].word.prev()) {
            if (_disputes[id].challenger != address(0)) lowest = id;
            else if (stateOf(id) == State.Active) return lowest;
        }
    }

    /// @dev Takes at most one PUBLISHER_BOND: half is credited to the challenger, the rest goes to the treasury.
    function _slash(address publisher, address challenger) private {
        Bond storage b = bonds[publisher];
        uint96 amount = b.amount < PUBLISHER_BOND ? b.amount : PUBLISHER_BOND;
        uint96 reward = amount / 2;
        b.amount -= amount;
        bonds[challenger].amount += reward;
        _totals.reserve -= amount - reward;
        emit BondSlashed(publisher, amount, challenger, reward);
        token.safeTransfer(treasury, amount - reward);
    }

    function _setFrozenFrom(uint32 id) private {
        _marks.frozenFrom = id;
        _totals.frozen = id != 0;
    }

    function _lossesOf(address challenger) private view returns (uint8) {
        Record memory r = records[challenger];
        return block.timestamp < r.until ? r.losses : 0;
    }

    function _bondOf(Dispute memory d) private view returns (uint96) {
        return CHALLENGE_BOND << d.losses;
    }

    /// @dev A bond answers for every epoch of its publisher that is not active yet; at most MAX_PENDING are looked at.
    function _requireNonePending(uint32 index) private view {
        for (uint32 id = _head(_totals.nextId); id != 0; id = _epochs[id].word.prev()) {
            State state = stateOf(id);
            if (state == State.Active) return;
            if (_epochs[id].word.publisher() != index) continue;
            if (state == State.Frozen) revert LedgerDisputed(_marks.frozenFrom);
            revert LedgerBondLocked(_epochs[id].word.activeAt());
        }
    }

    function _onStop() internal override {
        _totals.stopped = true;
    }

    function _requireSteady() private view {
        uint256 from = _steadyFrom();
        if (block.timestamp < from) revert LedgerSequencerUnsteady(from);
    }

    /// @dev One WINDOW after the sequencer's last recovery, for ever while it is down: whoever wants to challenge must have
    /// had the whole window.
    function _steadyFrom() private view returns (uint256) {
        if (address(UPTIME_FEED) == address(0)) return 0;
        (, int256 answer, uint256 startedAt,,) = UPTIME_FEED.latestRoundData();
        return answer == 0 && startedAt != 0 ? startedAt + WINDOW : type(uint256).max;
    }

    function _requirePending(uint32 id) private view {
        State state = stateOf(id);
        if (state != State.Pending && state != State.Frozen) revert LedgerEpochNotPending(id, state);
    }

    function _pull(uint256 amount) private {
        uint256 before = token.ownBalance();
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.ownBalance() - before;
        if (received != amount) revert LedgerTokenNotExact(received, amount);
    }
}
