// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";
import {IDisputeCourt, IDisputedLedger} from "./interfaces/IDisputeCourt.sol";
import {IParams} from "./interfaces/IParams.sol";
import {IStakePools} from "./interfaces/IStakePools.sol";
import {IValidatorSet} from "./interfaces/IValidatorSet.sol";
import {OwnBalance} from "./lib/OwnBalance.sol";
import {ParamKeys} from "./lib/ParamKeys.sol";
import {PoolIds} from "./lib/PoolIds.sol";
import {TransientLock} from "./lib/TransientLock.sol";

/// @title DisputeCourt: what no contract can see for itself, decided by a jury of validators
/// @notice
/// PURPOSE      Decides challenges of the ledger's epochs and accusations against staked pools and accounts.
///
/// JURY         7 seats, drawn among validators by stake with weights that were fixed before the case. The seed is
///              H(secret, hash of the next block): the opener committed to `secret` before that block existed, and whoever
///              made the block did not know the secret. Opener, challenger and accused take no seat.
/// PHASES       Draw within 256 blocks, commit (a day), reveal (a day), appeal (a day). A verdict needs more than half of the
///              seats; without one the case ends with nobody punished, unless someone appeals.
/// APPEAL       Once to 15 seats with a fresh seed, then to TimelockSlow, that is to the Governor, which has 30 days: without
///              its word the last verdict stands. An epoch's case ends with the 15 seats, six days after the challenge at the
///              latest, because the ledger revokes what is undecided for seven and nobody loses a bond there.
/// MONEY        Each round's bond (a seat's fee times its seats) is the jurors' pay: those who voted as the case ended share it by
///              seat, the rest goes to whom the end proves right: the appellant who turned the verdict, else the opener of an
///              upheld case, else the treasury. A slash repays the opener's bond and rewards it with at most as much
///              again, never more than half; the rest goes to the treasury. The cap keeps a pool's own people from
///              living off their stakers by accusing themselves.
/// ABORT        Who does not draw in time loses the bond, because looking at the jury and walking away would be grinding. A
///              ledger's challenger who does so also loses the challenge. An appeal that is not drawn leaves a quarter of a day for
///              another, so that who won cannot use up the loser's appeal. A challenge that its challenger brings to no
///              jury may be brought by anyone after a day, or it would kill an epoch for free.
///
/// TRUST        The jury's majority by stake. The opener together with the maker of one block can choose a jury; either alone
///              cannot. A slash is limited by StakePools whatever a jury says. Works only while Directory names this contract
///              as DisputeCourt; before that the Guardian may hold the entry.
/// UNITS        Wei of OPEN as uint96; bps of a pool; seconds, days divided by Params.TIME_SCALE on test chains.
/// ROUNDING     A seat's fee is a seventh of challengeBondWei rounded down; halves down, the rest to the treasury.
/// ASSUMPTIONS  Block hashes of the last 256 blocks are available and blocks are made at least every few minutes. Jurors keep their
///              votes to themselves until the reveal: a vote that was told cannot be hidden by this contract.
/// CANNOT HAPPEN  A case decided twice; a juror paid twice or for a vote that was not revealed; a weight that was moved
///              after the seed was known; credits and open bonds above the balance.
contract DisputeCourt is IDisputeCourt, TransientLock {
    using SafeERC20 for IERC20;
    using OwnBalance for IERC20;

    error CourtNotSeated();
    error CourtForbidden(address account);
    error CourtSubjectInvalid();
    error CourtSlashInvalid(uint256 bps);
    error CourtTermEnding(uint256 endsAt);
    error CourtNoJury();
    error CourtDrawMissed(uint256 id);
    error CourtCaseOpen(uint256 id);
    error CourtNotYet(uint256 from);
    error CourtWrongPhase(uint256 id, Phase phase);
    error CourtTooEarly(uint256 blockNumber);
    error CourtSecretWrong();
    error CourtNotJuror(address account);
    error CourtVoteInvalid();
    error CourtNothingToPay(address account);
    error CourtTokenNotExact(uint256 received, uint256 expected);

    event CaseOpened(
        uint256 indexed id,
        address indexed opener,
        Kind kind,
        bytes32 subject,
        address account,
        uint256 bps,
        uint96 bond,
        uint64 targetBlock,
        string uri
    );
    event JuryDrawn(uint256 indexed id, uint8 round, bytes32 seed, address[] jurors, uint40 drawnAt);
    event Voted(uint256 indexed id, uint8 round, address indexed juror, bytes32 commitment);
    event VoteRevealed(uint256 indexed id, uint8 round, address indexed juror, bool upheld, uint8 seats);
    event DutyMissed(uint256 indexed id, uint8 round, address indexed juror);
    event Appealed(uint256 indexed id, address indexed appellant, uint8 round, uint96 bond, uint64 targetBlock);
    event Ruled(uint256 indexed id, bool upheld);
    event Lapsed(uint256 indexed id, uint8 round, address indexed payer, uint96 bond);
    event CaseClosed(uint256 indexed id, Verdict verdict, address beneficiary, uint96 remainder);
    event CaseExecuted(uint256 indexed id, uint96 taken, uint96 toOpener, uint96 toTreasury);
    event JurorPaid(uint256 indexed id, uint8 round, address indexed juror, uint96 amount);
    event Withdrawn(address indexed account, uint96 amount);

    struct Case {
        address opener;
        Kind kind;
        uint16 bps;
        uint8 round; // 1, 2, 3 = Governor
        bool closed;
        bool executed;
        Verdict verdict; // the end
        uint40 challengedAt; // of the ledger's dispute
        address account;
        uint96 seatFee;
        bytes32 subject;
        uint40 appealUntil; // after an appeal that lapsed
    }

    struct Round {
        address payer;
        uint96 bond;
        bytes32 commitment; // to the secret
        uint64 targetBlock;
        uint64 term;
        uint40 drawnAt;
        uint8 seats;
        uint8 up;
        uint8 down;
        Verdict ruling; // the Governor's
        uint40 openedAt;
    }

    struct Seat {
        uint8 count;
        bool revealed;
        bool upheld;
        bool settled; // paid or missed
        bytes32 commitment;
    }

    uint256 public constant FIRST_SEATS = 7;
    uint256 public constant APPEAL_SEATS = 15;
    uint256 private constant BLOCKS = 256;
    uint256 private constant MAX_SLASH_BPS = 3_000;
    bytes32 private constant COURT = keccak256("DisputeCourt");
    bytes32 private constant LEDGER = keccak256("AttributionLedger");
    bytes32 private constant TREASURY = keccak256("Treasury");
    bytes32 private constant SLOW = keccak256("TimelockSlow");

    IERC20 public immutable token;
    IDirectory public immutable directory;
    IParams public immutable params;
    IStakePools public immutable pools;
    IValidatorSet public immutable validators;
    /// @notice A day: how long each of commit, reveal and appeal lasts.
    uint40 public immutable PHASE;
    uint40 public immutable GOVERNOR_TIME;

    uint256 public caseCount;
    mapping(uint256 id => Case) private _cases;
    mapping(uint256 id => mapping(uint8 round => Round)) private _rounds;
    mapping(uint256 id => mapping(uint8 round => mapping(address juror => Seat))) public seats;
    /// @notice The newest case about an epoch of the ledger.
    mapping(uint32 epoch => uint256) public caseOfEpoch;
    mapping(address account => uint96) public credits;

    constructor(
        IERC20 token_,
        IDirectory directory_,
        IParams params_,
        IStakePools pools_,
        IValidatorSet validators_
    ) {
        token = token_;
        directory = directory_;
        params = params_;
        pools = pools_;
        validators = validators_;
        uint256 scale = params_.TIME_SCALE();
        PHASE = uint40(1 days / scale);
        GOVERNOR_TIME = uint40(30 days / scale);
    }

    // ---------------------------------------------------------------------------------------------------- opening

    /// @notice Brings the challenge of `epoch` before a jury. In its first day only the challenger may.
    /// @param commitment keccak256(abi.encode(secret)); whoever knows the secret must `draw` with it within 256 blocks
    function openEpoch(uint32 epoch, bytes32 commitment, string calldata uri) external nonReentrant returns (uint256 id) {
        (address challenger,, uint40 openedAt) = _ledger().disputes(epoch);
        if (challenger == address(0)) revert CourtSubjectInvalid();
        if (msg.sender != challenger && block.timestamp < openedAt + PHASE) revert CourtNotYet(openedAt + PHASE);
        uint256 earlier = caseOfEpoch[epoch];
        // A case that lapsed, or ended without a verdict, has left the challenge where it was.
        if (earlier != 0 && _cases[earlier].challengedAt == openedAt && !_mayReopen(earlier)) revert CourtCaseOpen(earlier);
        id = _open(Kind.Epoch, bytes32(uint256(epoch)), challenger, 0, commitment, uri);
        _cases[id].challengedAt = openedAt;
        caseOfEpoch[epoch] = id;
    }

    /// @notice Accuses a pool: `bps` of it are taken if a jury upholds it.
    function openPool(bytes32 pool, uint256 bps, bytes32 commitment, string calldata uri)
        external
        nonReentrant
        returns (uint256)
    {
        return _open(Kind.Pool, pool, _subjectOf(pool), bps, commitment, uri);
    }

    /// @notice Accuses one account in a pool.
    function openAccount(bytes32 pool, address account, uint256 bps, bytes32 commitment, string calldata uri)
        external
        nonReentrant
        returns (uint256)
    {
        if (account == address(0)) revert CourtSubjectInvalid();
        return _open(Kind.Account, pool, account, bps, commitment, uri);
    }

    /// @notice Takes a case to the next instance against that instance's bond: 15 seats, then the Governor.
    /// @param commitment as in `openEpoch`; unused when the Governor decides
    function appeal(uint256 id, bytes32 commitment) external nonReentrant {
        _requirePhase(id, Phase.Appealable);
        Case storage c = _cases[id];
        uint8 round = ++c.round;
        uint96 bond = uint96(uint256(c.seatFee) * APPEAL_SEATS);
        uint64 target = _startRound(id, round, bond, commitment);
        emit Appealed(id, msg.sender, round, bond, target);
        _pull(bond);
    }

    // ------------------------------------------------------------------------------------------------------ jury

    /// @notice Draws the jury from the secret and the hash of the target block. Anyone who knows the secret may call.
    function draw(uint256 id, bytes32 secret) external returns (address[] memory jurors) {
        _requirePhase(id, Phase.Drawing);
        Case storage c = _cases[id];
        Round storage r = _rounds[id][c.round];
        if (_isMissed(r)) revert CourtDrawMissed(id);
        if (keccak256(abi.encode(secret)) != r.commitment) revert CourtSecretWrong();
        if (block.number <= r.targetBlock) revert CourtTooEarly(r.targetBlock);
        bytes32 seed = keccak256(abi.encode(secret, blockhash(r.targetBlock), id, c.round));
        jurors = validators.draw(seed, c.round == 1 ? FIRST_SEATS : APPEAL_SEATS, [c.opener, c.account, _publisherOf(c)]);
        uint8 filled;
        for (uint256 i; i < jurors.length; ++i) {
            if (jurors[i] == address(0)) continue;
            ++seats[id][c.round][jurors[i]].count;
            ++filled;
        }
        r.seats = filled;
        r.drawnAt = uint40(block.timestamp);
        emit JuryDrawn(id, c.round, seed, jurors, r.drawnAt);
    }

    /// @notice Ends a round whose jury was not drawn in time. Its bond goes to the treasury; the first round's end is the
    /// case's, after an appeal's another may follow for a quarter of a day. Anyone may call.
    function lapse(uint256 id) external nonReentrant {
        _requirePhase(id, Phase.Drawing);
        Case storage c = _cases[id];
        uint8 round = c.round;
        Round memory r = _rounds[id][round];
        if (!_isMissed(_rounds[id][round])) revert CourtTooEarly(r.targetBlock + BLOCKS + 1);
        credits[directory.addressOf(TREASURY)] += r.bond;
        emit Lapsed(id, round, r.payer, r.bond);
        if (round == 1) return _abandon(id);
        delete _rounds[id][round];
        c.round = 1;
        c.appealUntil = uint40(block.timestamp) + PHASE / 4;
    }

    /// @notice A juror commits to commitmentOf(id, round, itself, upheld, salt). May be replaced while the phase lasts.
    function vote(uint256 id, bytes32 commitment) external {
        _requirePhase(id, Phase.Committing);
        uint8 round = _cases[id].round;
        Seat storage s = seats[id][round][msg.sender];
        if (s.count == 0) revert CourtNotJuror(msg.sender);
        if (commitment == 0) revert CourtVoteInvalid();
        s.commitment = commitment;
        emit Voted(id, round, msg.sender, commitment);
    }

    /// @notice A juror reveals its vote, which counts once for each of its seats.
    function reveal(uint256 id, bool upheld, bytes32 salt) external {
        _requirePhase(id, Phase.Revealing);
        uint8 round = _cases[id].round;
        Seat storage s = seats[id][round][msg.sender];
        if (s.revealed || s.commitment != commitmentOf(id, round, msg.sender, upheld, salt)) revert CourtVoteInvalid();
        s.revealed = true;
        s.upheld = upheld;
        Round storage r = _rounds[id][round];
        if (upheld) r.up += s.count;
        else r.down += s.count;
        emit VoteRevealed(id, round, msg.sender, upheld, s.count);
        validators.recordDuty(msg.sender, true);
    }

    /// @notice Notes that a juror did not reveal. Anyone may call, once the votes of the round are in.
    function reportMiss(uint256 id, uint8 round, address juror) external {
        Round storage r = _rounds[id][round];
        Seat storage s = seats[id][round][juror];
        if (r.drawnAt == 0 || block.timestamp < r.drawnAt + 2 * PHASE) revert CourtNotYet(r.drawnAt + 2 * PHASE);
        if (s.count == 0 || s.revealed || s.settled) revert CourtNotJuror(juror);
        s.settled = true;
        emit DutyMissed(id, round, juror);
        validators.recordDuty(juror, false);
    }

    /// @notice The Governor's word in the last instance, spoken through TimelockSlow.
    function rule(uint256 id, bool upheld) external {
        if (msg.sender != directory.addressOf(SLOW)) revert CourtForbidden(msg.sender);
        _requirePhase(id, Phase.Governing);
        _rounds[id][3].ruling = upheld ? Verdict.Upheld : Verdict.Rejected;
        emit Ruled(id, upheld);
    }

    // ------------------------------------------------------------------------------------------------------- end

    /// @notice Closes a case whose last instance has spoken and divides its bonds. Anyone may call.
    function close(uint256 id) external {
        _requirePhase(id, Phase.Final);
        Case storage c = _cases[id];
        (Verdict verdict, address beneficiary) = _outcome(id);
        c.closed = true;
        c.verdict = verdict;
        uint96 remainder;
        for (uint8 round = 1; round <= c.round; ++round) {
            Round storage r = _rounds[id][round];
            remainder += r.bond - uint96(uint256(c.seatFee) * _paidSeats(r, verdict));
        }
        credits[beneficiary] += remainder;
        emit CaseClosed(id, verdict, beneficiary, remainder);
    }

    /// @notice Does what a closed case decided: resolves the ledger's challenge or slashes. Anyone may call, again if it
    /// failed; what the ledger has meanwhile settled itself is left alone.
    function execute(uint256 id) external nonReentrant {
        Case storage c = _cases[id];
        if (!c.closed || c.executed) revert CourtWrongPhase(id, phaseOf(id));
        c.executed = true;
        uint96 taken;
        if (c.kind == Kind.Epoch) {
            if (c.verdict != Verdict.None && _isLive(c)) {
                _ledger().resolve(uint32(uint256(c.subject)), c.verdict == Verdict.Upheld);
            }
        } else if (c.verdict == Verdict.Upheld) {
            taken = c.kind == Kind.Pool
                ? pools.slash(c.subject, c.bps, address(this), bytes32(id))
                : pools.slashAccount(c.subject, c.account, c.bps, address(this), bytes32(id));
        }
        Round storage r = _rounds[id][1];
        uint256 repaid = Math.min(taken, uint256(c.seatFee) * _paidSeats(r, Verdict.Upheld));
        uint96 toOpener = uint96(repaid + Math.min((taken - repaid) / 2, r.bond));
        credits[c.opener] += toOpener;
        credits[directory.addressOf(TREASURY)] += taken - toOpener;
        emit CaseExecuted(id, taken, toOpener, taken - toOpener);
    }

    /// @notice Credits a juror of a closed case with its fee. Anyone may call.
    function payJuror(uint256 id, uint8 round, address juror) external {
        Case storage c = _cases[id];
        Seat storage s = seats[id][round][juror];
        if (!c.closed || s.settled || !s.revealed || !_agrees(c.verdict, s.upheld)) revert CourtNothingToPay(juror);
        s.settled = true;
        uint96 amount = uint96(uint256(c.seatFee) * s.count);
        credits[juror] += amount;
        emit JurorPaid(id, round, juror, amount);
    }

    /// @notice Pays `account` all its credits. Anyone may call.
    function withdraw(address account) external nonReentrant {
        uint96 amount = credits[account];
        if (amount == 0) revert CourtNothingToPay(account);
        credits[account] = 0;
        emit Withdrawn(account, amount);
        token.safeTransfer(account, amount);
    }

    // ----------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IDisputeCourt
    function phaseOf(uint256 id) public view returns (Phase) {
        Case storage c = _cases[id];
        if (c.opener == address(0)) return Phase.None;
        if (c.closed) return Phase.Closed;
        Round storage r = _rounds[id][c.round];
        if (c.round == 3) {
            bool waits = r.ruling == Verdict.None && block.timestamp < r.openedAt + GOVERNOR_TIME;
            return waits ? Phase.Governing : Phase.Final;
        }
        if (r.drawnAt == 0) return Phase.Drawing;
        uint256 passed = (block.timestamp - r.drawnAt) / PHASE;
        if (passed == 0) return Phase.Committing;
        if (passed == 1) return Phase.Revealing;
        bool last = c.kind == Kind.Epoch && c.round == 2;
        bool open = !last && (passed == 2 || block.timestamp < c.appealUntil);
        return open ? Phase.Appealable : Phase.Final;
    }

    function caseOf(uint256 id) external view returns (Case memory) {
        return _cases[id];
    }

    function roundOf(uint256 id, uint8 round) external view returns (Round memory) {
        return _rounds[id][round];
    }

    /// @notice What a round's votes say; None without more than half of its seats on one side.
    function verdictOf(uint256 id, uint8 round) public view returns (Verdict) {
        Round storage r = _rounds[id][round];
        if (round == 3) return r.ruling;
        if (uint256(r.up) * 2 > r.seats) return Verdict.Upheld;
        return uint256(r.down) * 2 > r.seats ? Verdict.Rejected : Verdict.None;
    }

    function commitmentOf(uint256 id, uint8 round, address juror, bool upheld, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(id, round, juror, upheld, salt));
    }

    // --------------------------------------------------------------------------------------------------- private

    function _open(Kind kind, bytes32 subject, address account, uint256 bps, bytes32 commitment, string calldata uri)
        private
        returns (uint256 id)
    {
        if (directory.addressOf(COURT) != address(this)) revert CourtNotSeated();
        if (kind != Kind.Epoch && (bps == 0 || bps > MAX_SLASH_BPS)) revert CourtSlashInvalid(bps);
        id = ++caseCount;
        Case storage c = _cases[id];
        c.opener = msg.sender;
        c.kind = kind;
        c.bps = uint16(bps);
        c.round = 1;
        c.account = account;
        c.subject = subject;
        c.seatFee = uint96(params.valueOf(ParamKeys.CHALLENGE_BOND_WEI) / FIRST_SEATS);
        uint96 bond = uint96(c.seatFee * FIRST_SEATS);
        uint64 target = _startRound(id, 1, bond, commitment);
        emit CaseOpened(id, msg.sender, kind, subject, account, bps, bond, target, uri);
        _pull(bond);
    }

    /// @dev Weights are fixed within a term, so the draw must fall into the term of its opening: near the end none opens.
    function _startRound(uint256 id, uint8 round, uint96 bond, bytes32 commitment) private returns (uint64 target) {
        Case storage c = _cases[id];
        Round storage r = _rounds[id][round];
        (uint256 number, uint256 endsAt) = validators.term();
        target = uint64(block.number) + 1;
        r.payer = msg.sender;
        r.bond = bond;
        r.openedAt = uint40(block.timestamp);
        bool jury = round != 3;
        if (jury) {
            if (block.timestamp + PHASE / 24 >= endsAt) revert CourtTermEnding(endsAt);
            if (validators.totalWeight() == 0) revert CourtNoJury();
            r.commitment = commitment;
            r.targetBlock = target;
            r.term = uint64(number);
        }
        if (c.kind != Kind.Epoch) pools.hold(c.subject, uint40(block.timestamp) + (jury ? 4 * PHASE : GOVERNOR_TIME));
    }

    /// @dev A challenger who walks away from a jury gives the challenge up.
    function _abandon(uint256 id) private {
        Case storage c = _cases[id];
        c.closed = true;
        c.executed = true;
        emit CaseClosed(id, Verdict.None, address(0), 0);
        if (c.kind == Kind.Epoch && c.opener == c.account && _isLive(c)) {
            _ledger().resolve(uint32(uint256(c.subject)), false);
        }
    }

    /// @dev Whether the jury of an undrawn round can no longer be drawn: the hash is gone, or the weights have changed.
    function _isMissed(Round storage r) private view returns (bool) {
        (uint256 number,) = validators.term();
        return block.number > r.targetBlock + BLOCKS || number != r.term;
    }

    function _requirePhase(uint256 id, Phase phase) private view {
        Phase now_ = phaseOf(id);
        if (now_ != phase) revert CourtWrongPhase(id, now_);
    }

    /// @dev The end of a case that nobody can appeal any more, and who gets what jurors do not earn.
    function _outcome(uint256 id) private view returns (Verdict verdict, address beneficiary) {
        Case storage c = _cases[id];
        verdict = verdictOf(id, 1);
        beneficiary = verdict == Verdict.Rejected ? directory.addressOf(TREASURY) : c.opener;
        for (uint8 round = 2; round <= c.round; ++round) {
            Verdict next = verdictOf(id, round);
            if (next == verdict || (round == 3 && next == Verdict.None)) continue;
            verdict = next;
            beneficiary = _rounds[id][round].payer;
        }
    }

    function _paidSeats(Round storage r, Verdict verdict) private view returns (uint256) {
        if (verdict == Verdict.None) return uint256(r.up) + r.down;
        return verdict == Verdict.Upheld ? r.up : r.down;
    }

    /// @dev Without a verdict everybody who voted has done what was asked.
    function _agrees(Verdict verdict, bool upheld) private pure returns (bool) {
        return verdict == Verdict.None || (verdict == Verdict.Upheld) == upheld;
    }

    function _mayReopen(uint256 id) private view returns (bool) {
        Case storage c = _cases[id];
        return c.closed && c.executed && c.verdict == Verdict.None;
    }

    /// @dev Whether the challenge that an epoch's case is about is still the one that the ledger waits for.
    function _isLive(Case storage c) private view returns (bool) {
        (address challenger,, uint40 openedAt) = _ledger().disputes(uint32(uint256(c.subject)));
        return challenger == c.account && openedAt == c.challengedAt;
    }

    /// @dev A validator takes no seat in a case about its own pool; Datanets and models have no account that could.
    function _subjectOf(bytes32 pool) private pure returns (address) {
        uint8 kind = PoolIds.kindOf(pool);
        if (kind < PoolIds.DATANET || kind > PoolIds.VALIDATOR) revert CourtSubjectInvalid();
        return kind == PoolIds.VALIDATOR ? address(uint160(PoolIds.idOf(pool))) : address(0);
    }

    function _publisherOf(Case storage c) private view returns (address) {
        if (c.kind != Kind.Epoch) return address(0);
        (,,,,, uint32 publisher,,) = _ledger().epochs(uint32(uint256(c.subject)));
        return _ledger().publishers(publisher);
    }

    function _ledger() private view returns (IDisputedLedger) {
        return IDisputedLedger(directory.addressOf(LEDGER));
    }

    function _pull(uint256 amount) private {
        uint256 before = token.ownBalance();
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.ownBalance() - before;
        if (received != amount) revert CourtTokenNotExact(received, amount);
    }
}
