// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {EarningsProof} from "./lib/EarningsProof.sol";

/// @title AttributionLedger: settlement of Proof-of-Attribution earnings
/// @notice
/// PURPOSE      Holds the money that contributors, model owners, apps and validators earned. A bonded publisher posts one
///              root per epoch over *cumulative* earnings; after a window anyone may claim against it.
///
/// EPOCHS       top = H(sort(earningsRoot, receiptsRoot)). A leaf of earnings is OpenZeppelin's StandardMerkleTree leaf
///              of (address account, uint256 cumulative). Leaves of receipts have three or more words, so neither can
///              pass for the other. An epoch is pending until `activeAt`, then active for ever: later roots, omissions
///              and disputes never take away what was once active.
/// DISPUTES     A bonded challenge freezes its epoch and all later ones. Rejected: a fresh window for all of them, and
///              the challenger's bond goes to the publisher. Upheld: the epoch and its successors are revoked, the
///              publisher is slashed, half to the challenger and half to the treasury. Unresolved: revoked after
///              DISPUTE_TIMEOUT and nobody loses a bond. Two contradicting leaves revoke and slash without a judge.
///
/// TRUST        Publishers are trusted with nothing beyond the window: one honest replayer is enough. COURT decides
///              challenges and can at most delay or revoke pending epochs and slash one bond per decision. GUARDIAN may
///              veto pending epochs; neither can move funds or touch active epochs.
/// UNITS        Wei of the token as uint96; times in seconds of block time.
/// ROUNDING     None here: epochs are integers whose leaves sum to `total`. A slash of odd size gives the wei to the treasury.
/// ASSUMPTIONS  The token moves exact amounts and never rebases. Blocks come often enough within WINDOW to challenge.
/// CANNOT HAPPEN  claimed > total of the newest active epoch; that total > funded; an account paid twice or more than its
///              leaf; a claim on a pending, frozen or revoked epoch; balance != funded - claimed + bonds.
contract AttributionLedger is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    error LedgerConfigInvalid();
    error LedgerForbidden(address account);
    error LedgerTokenNotExact(uint256 received, uint256 expected);
    error LedgerBondTooLow(uint256 have, uint256 need);
    error LedgerBondLocked(uint256 until);
    error LedgerDisputed(uint32 frozenFrom);
    error LedgerNotHead(uint32 head, uint32 given);
    error LedgerTotalFell(uint256 previous, uint256 total);
    error LedgerTotalNotFunded(uint256 total, uint256 funded);
    error LedgerTooSoon(uint256 earliest);
    error LedgerTooManyPending(uint256 pending);
    error LedgerEpochNotActive(uint32 id, State state);
    error LedgerEpochNotPending(uint32 id, State state);
    error LedgerAlreadyChallenged(uint32 id);
    error LedgerNotChallenged(uint32 id);
    error LedgerDisputeNotExpired(uint256 expiresAt);
    error LedgerProofInvalid(uint32 id, address account);
    error LedgerNoConflict();
    error LedgerNothingToClaim(address account);
    error LedgerOverTotal(uint256 claimed, uint256 total);

    event Funded(address indexed from, bytes32 indexed ref, uint96 amount, uint96 funded);
    event BondPosted(address indexed account, uint96 amount, uint96 bond);
    event BondWithdrawn(address indexed account, uint96 amount, uint96 bond);
    event BondSlashed(address indexed publisher, uint96 amount, address indexed challenger, uint96 reward);
    event EpochSubmitted(
        uint32 indexed id,
        address indexed publisher,
        uint32 prev,
        bytes32 earningsRoot,
        bytes32 receiptsRoot,
        uint96 total,
        uint40 activeAt,
        string uri
    );
    event EpochChallenged(uint32 indexed id, address indexed challenger, uint96 bond, string uri);
    event ChallengeRejected(uint32 indexed id, address indexed challenger, uint96 bond);
    event EpochRenewed(uint32 indexed id, uint40 activeAt);
    event EpochRevoked(uint32 indexed id, uint32 indexed because, Reason reason);
    event ChallengeBondReturned(uint32 indexed id, address indexed challenger, uint96 bond);
    event Claimed(
        uint32 indexed id, address indexed account, address indexed recipient, uint96 amount, uint96 cumulative
    );
    event RecipientSet(address indexed account, address indexed recipient);

    enum State {
        None,
        Pending,
        Frozen,
        Active,
        Revoked
    }

    enum Reason {
        Upheld,
        Expired,
        Vetoed,
        Conflict
    }

    struct Totals {
        uint96 funded;
        uint96 claimed;
        uint32 nextId; // from 1
        uint32 frozenFrom; // lowest id under dispute, 0 when none
    }

    /// @dev Two slots. `carried` and `carriedUntil` count epochs that a rejected challenge keeps pending beyond the
    /// spacing rule, so that at most MAX_PENDING are ever pending and every loop is bounded.
    struct Epoch {
        bytes32 top;
        uint96 total;
        uint40 activeAt;
        uint8 status; // 0 none, 1 live, 2 revoked
        uint32 prev;
        uint32 publisher;
        uint8 carried;
        uint40 carriedUntil;
    }

    struct Account {
        uint96 claimed;
        address recipient;
    }

    struct Bond {
        uint96 amount;
        uint40 lockedUntil;
        uint32 index;
        uint32 lastEpoch;
    }

    struct Dispute {
        address challenger;
        uint96 bond;
        uint40 openedAt;
    }

    struct Record {
        uint8 losses;
        uint40 until;
    }

    struct Claim {
        uint32 id;
        address account;
        uint96 cumulative;
        bytes32[] proof;
    }

    struct Config {
        IERC20 token;
        uint40 window;
        uint40 disputeTimeout;
        uint96 publisherBond;
        uint96 challengeBond;
        address court;
        address guardian;
        address treasury;
    }

    uint8 private constant LIVE = 1;
    uint8 private constant REVOKED = 2;
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
    address public immutable court;
    address public immutable guardian;
    address public immutable treasury;

    Totals public totals;
    uint32 public publisherCount;
    mapping(uint32 id => Epoch) public epochs;
    mapping(address account => Account) public accounts;
    mapping(address account => Bond) public bonds;
    mapping(uint32 index => address) public publishers;
    mapping(uint32 id => Dispute) public disputes;
    mapping(address challenger => Record) public records;

    constructor(Config memory c) {
        if (c.window < SPACINGS_PER_WINDOW || c.window > 7 days || c.disputeTimeout == 0) revert LedgerConfigInvalid();
        if (c.publisherBond == 0 || c.challengeBond == 0 || c.treasury == address(0)) revert LedgerConfigInvalid();
        token = c.token;
        WINDOW = c.window;
        SPACING = uint40(c.window / SPACINGS_PER_WINDOW);
        DISPUTE_TIMEOUT = c.disputeTimeout;
        PUBLISHER_BOND = c.publisherBond;
        CHALLENGE_BOND = c.challengeBond;
        court = c.court;
        guardian = c.guardian;
        treasury = c.treasury;
        totals.nextId = 1;
    }

    // ------------------------------------------------------------------------------------------------ money in, bonds

    /// @notice Adds money that future epochs may distribute. Anyone may; `ref` names its source.
    function fund(uint96 amount, bytes32 ref) external nonReentrant {
        uint96 funded = totals.funded + amount;
        totals.funded = funded;
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
        emit BondPosted(msg.sender, amount, b.amount);
        _pull(amount);
    }

    /// @notice Takes bond or credited rewards back, once the caller's last epoch is active and undisputed.
    function withdrawBond(uint96 amount) external nonReentrant {
        Bond storage b = bonds[msg.sender];
        uint32 frozenFrom = totals.frozenFrom;
        if (frozenFrom != 0 && b.lastEpoch >= frozenFrom) revert LedgerDisputed(frozenFrom);
        if (block.timestamp < b.lockedUntil) revert LedgerBondLocked(b.lockedUntil);
        if (b.amount < amount) revert LedgerBondTooLow(b.amount, amount);
        b.amount -= amount;
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
        Totals memory t = totals;
        if (t.frozenFrom != 0) revert LedgerDisputed(t.frozenFrom);
        if (total > t.funded) revert LedgerTotalNotFunded(total, t.funded);
        Bond memory b = bonds[msg.sender];
        // A challenger's credited reward is no publisher's bond until postBond has given it an index.
        if (b.amount < PUBLISHER_BOND || b.index == 0) revert LedgerBondTooLow(b.amount, PUBLISHER_BOND);
        id = t.nextId;
        uint40 activeAt = uint40(block.timestamp) + WINDOW;
        (uint8 carried, uint40 carriedUntil) = _follow(prev, id, total, activeAt);
        totals.nextId = id + 1;
        b.lockedUntil = activeAt;
        b.lastEpoch = id;
        bonds[msg.sender] = b;
        epochs[id] = Epoch({
            top: Hashes.commutativeKeccak256(earningsRoot, receiptsRoot),
            total: total,
            activeAt: activeAt,
            status: LIVE,
            prev: prev,
            publisher: b.index,
            carried: carried,
            carriedUntil: carriedUntil
        });
        emit EpochSubmitted(id, msg.sender, prev, earningsRoot, receiptsRoot, total, activeAt, uri);
    }

    /// @notice Freezes a pending epoch and all later ones against a bond, with evidence at `uri`.
    function challenge(uint32 id, string calldata uri) external nonReentrant {
        State state = stateOf(id);
        if (state != State.Pending && state != State.Frozen) revert LedgerEpochNotPending(id, state);
        if (disputes[id].challenger != address(0)) revert LedgerAlreadyChallenged(id);
        uint96 bond = challengeBondOf(msg.sender);
        disputes[id] = Dispute({challenger: msg.sender, bond: bond, openedAt: uint40(block.timestamp)});
        uint32 frozenFrom = totals.frozenFrom;
        if (frozenFrom == 0 || id < frozenFrom) totals.frozenFrom = id;
        emit EpochChallenged(id, msg.sender, bond, uri);
        _pull(bond);
    }

    /// @notice The court's decision on a challenge.
    function resolve(uint32 id, bool upheld) external nonReentrant {
        if (msg.sender != court) revert LedgerForbidden(msg.sender);
        Dispute memory d = disputes[id];
        if (d.challenger == address(0)) revert LedgerNotChallenged(id);
        if (upheld) {
            address publisher = publishers[epochs[id].publisher];
            _revoke(id, Reason.Upheld);
            _slash(publisher, d.challenger);
        } else {
            _reject(id, d);
        }
    }

    /// @notice Revokes an epoch whose challenge the court left undecided. Anyone may call; no bond is lost.
    function expire(uint32 id) external {
        Dispute memory d = disputes[id];
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
        bool fell = a < b && epochs[a].status == LIVE && cumulativeA > cumulativeB;
        bool twice = a == b && cumulativeA != cumulativeB;
        if (!fell && !twice) revert LedgerNoConflict();
        _requireLeaf(a, epochs[a].top, account, cumulativeA, proofA);
        _requireLeaf(b, epochs[b].top, account, cumulativeB, proofB);
        address publisher = publishers[epochs[b].publisher];
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
        amount = _claim(id, account, cumulative, proof);
        if (amount == 0) revert LedgerNothingToClaim(account);
    }

    /// @notice Many claims in one transaction. Rows with nothing left to claim are skipped; any other fault reverts all.
    function claimMany(Claim[] calldata rows) external nonReentrant returns (uint256 sum) {
        for (uint256 i; i < rows.length; ++i) {
            sum += _claim(rows[i].id, rows[i].account, rows[i].cumulative, rows[i].proof);
        }
    }

    /// @notice Sends the caller's future claims to `recipient`; 0 means to the caller again.
    function setRecipient(address recipient) external {
        accounts[msg.sender].recipient = recipient;
        emit RecipientSet(msg.sender, recipient);
    }

    // ---------------------------------------------------------------------------------------------------------- views

    function stateOf(uint32 id) public view returns (State) {
        Epoch storage e = epochs[id];
        uint8 status = e.status;
        if (status == 0) return State.None;
        if (status == REVOKED) return State.Revoked;
        uint32 frozenFrom = totals.frozenFrom;
        if (frozenFrom != 0 && id >= frozenFrom) return State.Frozen;
        return block.timestamp < e.activeAt ? State.Pending : State.Active;
    }

    /// @notice The newest live epoch (pending, frozen or active); 0 when there is none. The next `submit` names it.
    function headEpoch() external view returns (uint32) {
        return _head(totals.nextId);
    }

    /// @notice The newest active epoch, the one to claim against; 0 when there is none.
    function claimableEpoch() public view returns (uint32 id) {
        id = _head(totals.nextId);
        while (id != 0 && stateOf(id) != State.Active) id = epochs[id].prev;
    }

    /// @notice The bond that `challenger` must pay: it doubles with each challenge lost within RECORD_PERIOD.
    function challengeBondOf(address challenger) public view returns (uint96) {
        Record memory r = records[challenger];
        return block.timestamp < r.until ? CHALLENGE_BOND << r.losses : CHALLENGE_BOND;
    }

    /// @notice The leaf of (account, cumulative), as OpenZeppelin's StandardMerkleTree computes it.
    function leafOf(address account, uint256 cumulative) public pure returns (bytes32) {
        return EarningsProof.leaf(account, cumulative);
    }

    // -------------------------------------------------------------------------------------------------------- private

    function _claim(uint32 id, address account, uint96 cumulative, bytes32[] calldata proof)
        private
        returns (uint96 amount)
    {
        Epoch storage e = epochs[id];
        uint32 frozenFrom = totals.frozenFrom;
        bool frozen = frozenFrom != 0 && id >= frozenFrom;
        if (e.status != LIVE || frozen || block.timestamp < e.activeAt) revert LedgerEpochNotActive(id, stateOf(id));
        _requireLeaf(id, e.top, account, cumulative, proof);
        Account storage a = accounts[account];
        uint96 already = a.claimed;
        if (cumulative <= already) return 0;
        unchecked {
            amount = cumulative - already; // cumulative > already
        }
        uint96 claimed = totals.claimed + amount;
        if (claimed > e.total) _requireWithinNewestTotal(claimed);
        totals.claimed = claimed;
        a.claimed = cumulative;
        address recipient = a.recipient;
        if (recipient == address(0)) recipient = account;
        emit Claimed(id, account, recipient, amount, cumulative);
        token.safeTransfer(recipient, amount);
    }

    /// @dev An old epoch's total may be below what newer epochs have paid out since, so the newest active one decides.
    function _requireWithinNewestTotal(uint96 claimed) private view {
        uint96 total = epochs[claimableEpoch()].total;
        if (claimed > total) revert LedgerOverTotal(claimed, total);
    }

    function _requireLeaf(uint32 id, bytes32 top, address account, uint96 cumulative, bytes32[] calldata proof)
        private
        pure
    {
        if (EarningsProof.root(proof, EarningsProof.leaf(account, cumulative)) != top) {
            revert LedgerProofInvalid(id, account);
        }
    }

    /// @dev Checks a new epoch against the head it builds upon, and returns what it inherits of `carried`.
    function _follow(uint32 prev, uint32 id, uint96 total, uint40 activeAt)
        private
        view
        returns (uint8 carried, uint40 carriedUntil)
    {
        uint32 head = _head(id);
        if (prev != head) revert LedgerNotHead(head, prev);
        if (head == 0) return (0, 0);
        Epoch storage p = epochs[head]; // only its second word is read
        if (total < p.total) revert LedgerTotalFell(p.total, total);
        if (activeAt < p.activeAt + SPACING) revert LedgerTooSoon(p.activeAt + SPACING - WINDOW);
        if (block.timestamp >= p.carriedUntil) return (0, 0);
        if (p.carried >= MAX_PENDING) revert LedgerTooManyPending(p.carried);
        return (p.carried + 1, p.carriedUntil);
    }

    /// @dev When the newest id is revoked, its `prev` was redirected to the newest live epoch.
    function _head(uint32 nextId) private view returns (uint32) {
        uint32 last = nextId - 1;
        return epochs[last].status == REVOKED ? epochs[last].prev : last;
    }

    /// @dev Revokes `from` and every later live epoch, and gives their challengers their bonds back.
    function _revoke(uint32 from, Reason reason) private {
        uint32 last = totals.nextId - 1;
        uint32 floor = epochs[from].prev;
        uint32 id = _head(last + 1);
        while (id > floor) {
            Epoch storage e = epochs[id];
            e.status = REVOKED;
            emit EpochRevoked(id, from, reason);
            Dispute memory d = disputes[id];
            if (d.challenger != address(0)) {
                delete disputes[id];
                bonds[d.challenger].amount += d.bond;
                emit ChallengeBondReturned(id, d.challenger, d.bond);
            }
            id = e.prev;
        }
        epochs[last].prev = floor;
        totals.frozenFrom = _lowestDispute(floor);
    }

    /// @dev Gives `id` and all later live epochs a fresh window, and the challenger's bond to the publisher.
    function _reject(uint32 id, Dispute memory d) private {
        delete disputes[id];
        Record memory r = records[d.challenger];
        uint8 losses = block.timestamp < r.until ? r.losses : 0;
        records[d.challenger] = Record({
            losses: losses < MAX_DOUBLINGS ? losses + 1 : losses, until: uint40(block.timestamp + RECORD_PERIOD)
        });
        bonds[publishers[epochs[id].publisher]].amount += d.bond;
        emit ChallengeRejected(id, d.challenger, d.bond);
        _renew(id);
        totals.frozenFrom = _lowestDispute(_head(totals.nextId));
    }

    function _renew(uint32 from) private {
        uint40 activeAt = uint40(block.timestamp) + WINDOW;
        uint32 head = _head(totals.nextId);
        uint8 count = _pendingCount(head);
        for (uint32 id = head; id >= from; id = epochs[id].prev) {
            Epoch storage e = epochs[id];
            e.activeAt = activeAt;
            e.carried = count;
            e.carriedUntil = activeAt;
            bonds[publishers[e.publisher]].lockedUntil = activeAt;
            emit EpochRenewed(id, activeAt);
        }
    }

    function _pendingCount(uint32 head) private view returns (uint8 count) {
        for (uint32 id = head; id != 0 && stateOf(id) != State.Active; id = epochs[id].prev) ++count;
    }

    /// @dev Disputes exist only on live epochs that are not active, so the walk ends at the first active one.
    function _lowestDispute(uint32 head) private view returns (uint32 lowest) {
        for (uint32 id = head; id != 0; id = epochs[id].prev) {
            if (disputes[id].challenger != address(0)) lowest = id;
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
        emit BondSlashed(publisher, amount, challenger, reward);
        token.safeTransfer(treasury, amount - reward);
    }

    function _requirePending(uint32 id) private view {
        State state = stateOf(id);
        if (state != State.Pending && state != State.Frozen) revert LedgerEpochNotPending(id, state);
    }

    function _pull(uint256 amount) private {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.balanceOf(address(this)) - before;
        if (received != amount) revert LedgerTokenNotExact(received, amount);
    }
}
