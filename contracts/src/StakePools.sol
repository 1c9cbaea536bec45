// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";
import {IParams} from "./interfaces/IParams.sol";
import {IStakePools} from "./interfaces/IStakePools.sol";
import {GuardianPause} from "./lib/GuardianPause.sol";
import {OwnBalance} from "./lib/OwnBalance.sol";
import {ParamKeys} from "./lib/ParamKeys.sol";
import {PoolIds} from "./lib/PoolIds.sol";
import {TransientLock} from "./lib/TransientLock.sol";

/// @title StakePools: OPEN at stake for Datanets, models and validators
/// @notice
/// PURPOSE      Stake vouches for a subject and earns what is streamed to its pool. A proven fault takes a share of it, in
///              one step for any number of stakers.
///
/// STAKE        A position is counted in shares; a share is worth `index` / 1e27 wei. The index starts at 1e27 and only
///              ever falls, by slashes, so new stake never pays for old faults. Unbonding shares are worth the same index:
///              who leaves stays liable until the withdrawal. Below an index of 1e21 a pool takes no new stake.
/// REWARDS      Are streamed over time to the shares that are staked, not to unbonding ones. A new reward never slows a
///              running stream and never makes it end sooner, so nobody can stretch or pull forward what others were
///              promised. What is streamed while nobody is staked is kept, and streamed anew when somebody is.
/// SLASHES      At most slashEventBps (<= 30 %) at once, and never more than slashMonthBps (<= 50 %) of what a share was worth
///              30 days before, however many slashes it takes: the history of the index decides, not a counter that a
///              slasher could time. A slash beyond that takes what it may. Who has used up so much of that limit that a full
///              event could not be taken any more, a pool or an account in it, gets no new stake until it could: else a small
///              stake would have itself slashed, and a large one would follow that nothing can touch for a month.
///
/// TRUST        DisputeCourt may slash any pool within these limits and hold withdrawals while it decides, at most until 30
///              days after the unbonding began. ValidatorSet may slash validators' pools, DatanetRegistry single accounts
///              in Datanets' pools. The limits of one account's own slashes and of its pool's count separately. The guardian may
///              stop new stake for 72 hours. Nobody can move anybody's stake or stop an exit otherwise.
/// UNITS        Wei of OPEN as uint96; shares as uint128 (wei at index 1e27); times in seconds of block time, on test
///              chains divided by Params.TIME_SCALE, as are the days named here.
/// ROUNDING     Always for the pool and against who takes out: stake and rewards down, what a slash takes down. What
///              rounding leaves, less than 2 wei an operation, stays here for ever.
/// ASSUMPTIONS  OPEN moves exact amounts and never rebases (a deposit that does not is refused). `balanceOf` is used for
///              that check only, so tokens sent here by mistake change nothing. Unbonding stake that could be withdrawn and
///              was not is still slashed: anyone may withdraw it for its owner.
/// CANNOT HAPPEN  An index that rises; stake, unbonding stake, rewards owed, not streamed and idle above the balance; a
///              staker who cannot leave because of another; a new stake that pays for an old slash.
contract StakePools is IStakePools, GuardianPause, TransientLock {
    using SafeERC20 for IERC20;
    using OwnBalance for IERC20;
    using SafeCast for uint256;
    using Checkpoints for Checkpoints.Trace208;

    error PoolUnknown(bytes32 pool);
    error PoolClosed(bytes32 pool, uint256 index);
    error PoolNotClosed(bytes32 pool);
    error PoolLimitUsed(bytes32 pool, address account);
    error PoolForbidden(address account);
    error PoolAmountZero();
    error PoolAccountInvalid();
    error PoolTooFewShares(uint256 have, uint256 need);
    error PoolNothingToWithdraw(address account);
    error PoolUnbonding(uint256 until);
    error PoolDurationInvalid(uint256 duration, uint256 min, uint256 max);
    error PoolTokenNotExact(uint256 received, uint256 expected);

    event Staked(
        bytes32 indexed pool, address indexed account, address indexed from, uint96 amount, uint128 shares, uint128 total
    );
    event Unbonding(bytes32 indexed pool, address indexed account, uint128 shares, uint96 amount, uint40 readyAt, uint128 total);
    event Withdrawn(bytes32 indexed pool, address indexed account, uint128 shares, uint96 amount);
    event Harvested(bytes32 indexed pool, address indexed account, uint96 amount);
    event Rewarded(bytes32 indexed pool, address indexed from, Source indexed source, uint96 amount, uint128 rate, uint40 end);
    event StreamRestarted(bytes32 indexed pool, uint128 rate, uint40 end);
    event Slashed(bytes32 indexed pool, address indexed by, address to, uint256 bps, uint96 taken, uint128 index, bytes32 reason);
    event AccountSlashed(
        bytes32 indexed pool, address indexed account, address indexed by, address to, uint256 bps, uint96 taken, bytes32 reason
    );
    event Held(bytes32 indexed pool, address indexed by, uint40 until);
    event Swept(bytes32 indexed pool, address to, uint96 amount);

    /// @dev Four slots. `rate` in 1e-9 wei a second; `acc` in 1e-36 wei a share; `idle` in wei.
    struct Pool {
        uint128 shares;
        uint128 unbonding;
        uint128 index; // 0: nobody has ever staked
        uint128 rate;
        uint256 acc;
        uint40 last;
        uint40 end;
        uint40 heldUntil;
        uint128 idle;
    }

    struct Position {
        uint128 shares;
        uint128 owed;
        uint256 paid; // `acc` up to which `owed` counts
    }

    struct Unbond {
        uint128 shares;
        uint40 readyAt;
        uint40 latest; // no hold keeps it longer
    }

    uint256 private constant RAY = 1e27;
    uint256 private constant RATE_UNIT = 1e9;
    uint256 private constant ACC_UNIT = 1e36;
    uint256 private constant BPS = 10_000;
    uint256 public constant MIN_INDEX = 1e21;
    uint256 public constant MAX_SLASH_BPS = 3_000;
    uint256 public constant MAX_MONTH_BPS = 5_000;
    bytes32 private constant COURT = keccak256("DisputeCourt");
    bytes32 private constant VALIDATORS = keccak256("ValidatorSet");
    bytes32 private constant DATANETS = keccak256("DatanetRegistry");
    bytes32 private constant EMISSIONS = keccak256("EmissionController");
    bytes32 private constant TREASURY = keccak256("Treasury");

    IERC20 public immutable token;
    IParams public immutable params;
    /// @notice 30 days: the window of the slash limit, and the longest that leaving can take.
    uint40 public immutable MONTH;
    uint40 public immutable MIN_DURATION;
    uint40 public immutable MAX_DURATION;

    mapping(bytes32 pool => Pool) public pools;
    mapping(bytes32 pool => mapping(address account => Position)) public positions;
    mapping(bytes32 pool => mapping(address account => Unbond)) public unbonds;
    mapping(bytes32 pool => Checkpoints.Trace208) private _history;
    mapping(bytes32 pool => mapping(address account => Checkpoints.Trace208)) private _ownHistory;

    constructor(IERC20 token_, IDirectory directory_, IParams params_, address guardian_)
        GuardianPause(guardian_, directory_)
    {
        token = token_;
        params = params_;
        uint256 scale = params_.TIME_SCALE();
        MONTH = uint40(30 days / scale);
        MIN_DURATION = uint40(1 days / scale);
        MAX_DURATION = uint40(365 days / scale);
    }

    // ---------------------------------------------------------------------------------------------------- stakers

    /// @inheritdoc IStakePools
    function stake(bytes32 pool, uint96 amount, address to) external nonReentrant {
        _requireOpen();
        _requireKnown(pool);
        if (amount == 0) revert PoolAmountZero();
        if (to == address(0)) revert PoolAccountInvalid();
        Pool storage p = pools[pool];
        uint256 index = p.index;
        if (index == 0) index = _create(p);
        if (index < MIN_INDEX) revert PoolClosed(pool, index);
        if (!_isExposed(_history[pool], index)) revert PoolLimitUsed(pool, address(0));
        if (!_isExposed(_ownHistory[pool][to], 0)) revert PoolLimitUsed(pool, to);
        _accrue(p);
        uint128 total = p.shares;
        if (total == 0 && p.idle != 0) _restart(pool, p);
        Position storage a = positions[pool][to];
        _settle(p, a);
        uint128 shares = uint128(uint256(amount) * RAY / index); // at least `amount`, at most amount * 1e6
        a.shares += shares;
        total += shares;
        p.shares = total;
        emit Staked(pool, to, msg.sender, amount, shares, total);
        _pull(amount);
    }

    /// @notice Begins to leave with `shares` (see `positions`). They earn nothing more, stay liable to slashes, and may be
    /// withdrawn after unbondingSeconds. Shares that are unbonding already and not withdrawable yet wait for the same time.
    function unbond(bytes32 pool, uint128 shares) external nonReentrant {
        Pool storage p = pools[pool];
        Position storage a = positions[pool][msg.sender];
        if (shares == 0) revert PoolAmountZero();
        if (a.shares < shares) revert PoolTooFewShares(a.shares, shares);
        _accrue(p);
        _settle(p, a);
        if (unbonds[pool][msg.sender].shares != 0 && block.timestamp >= withdrawableAt(pool, msg.sender)) {
            _withdraw(pool, msg.sender);
        }
        Unbond storage u = unbonds[pool][msg.sender];
        uint256 delay = Math.min(params.valueOf(ParamKeys.UNBONDING_SECONDS), MONTH);
        u.shares += shares;
        u.readyAt = uint40(block.timestamp + delay);
        u.latest = uint40(block.timestamp) + MONTH;
        a.shares -= shares;
        p.shares -= shares;
        p.unbonding += shares;
        emit Unbonding(pool, msg.sender, shares, _worth(shares, p.index), u.readyAt, p.shares);
    }

    /// @notice Pays `account` its unbonded stake, for what it is worth now. Anyone may call.
    function withdraw(bytes32 pool, address account) external nonReentrant {
        if (unbonds[pool][account].shares == 0) revert PoolNothingToWithdraw(account);
        uint256 readyAt = withdrawableAt(pool, account);
        if (block.timestamp < readyAt) revert PoolUnbonding(readyAt);
        _withdraw(pool, account);
    }

    /// @notice Pays `account` the rewards that it has earned. Anyone may call.
    function harvest(bytes32 pool, address account) external nonReentrant returns (uint96 amount) {
        Pool storage p = pools[pool];
        Position storage a = positions[pool][account];
        _accrue(p);
        _settle(p, a);
        amount = uint256(a.owed).toUint96();
        if (amount == 0) revert PoolNothingToWithdraw(account);
        a.owed = 0;
        emit Harvested(pool, account, amount);
        token.safeTransfer(account, amount);
    }

    // ---------------------------------------------------------------------------------------------------- rewards

    /// @inheritdoc IStakePools
    function reward(bytes32 pool, uint96 amount, uint40 duration) external nonReentrant {
        _requireKnown(pool);
        if (amount == 0) revert PoolAmountZero();
        if (duration < MIN_DURATION || duration > MAX_DURATION) {
            revert PoolDurationInvalid(duration, MIN_DURATION, MAX_DURATION);
        }
        Pool storage p = pools[pool];
        if (p.index != 0 && p.index < MIN_INDEX) revert PoolClosed(pool, p.index);
        _accrue(p);
        _stream(p, amount, duration);
        Source source = msg.sender == directory.addressOf(EMISSIONS) ? Source.Emissions : Source.Fees;
        emit Rewarded(pool, msg.sender, source, amount, p.rate, p.end);
        _pull(amount);
    }

    /// @notice Sends what is left of a closed pool's rewards to the treasury, once nobody is staked in it any more.
    function sweep(bytes32 pool) external nonReentrant {
        Pool storage p = pools[pool];
        if (p.index == 0 || p.index >= MIN_INDEX || p.shares != 0) revert PoolNotClosed(pool);
        _accrue(p);
        uint96 amount = (p.idle + _unstreamed(p)).toUint96();
        if (amount == 0) revert PoolAmountZero();
        p.idle = 0;
        p.rate = 0;
        address treasury = directory.addressOf(TREASURY);
        emit Swept(pool, treasury, amount);
        token.safeTransfer(treasury, amount);
    }

    // ---------------------------------------------------------------------------------------------------- slashes

    /// @inheritdoc IStakePools
    function slash(bytes32 pool, uint256 bps, address to, bytes32 reason) external nonReentrant returns (uint96 taken) {
        if (!maySlash(msg.sender, pool, true)) revert PoolForbidden(msg.sender);
        Pool storage p = pools[pool];
        uint256 index = p.index;
        uint256 lower = _fallen(_history[pool], index == 0 ? RAY : index, bps);
        if (index == 0 || lower == index) return 0;
        uint256 shares = uint256(p.shares) + p.unbonding;
        uint256 left = Math.ceilDiv(shares * lower, RAY);
        uint256 worth = shares * index / RAY;
        taken = worth > left ? (worth - left).toUint96() : 0;
        p.index = uint128(lower);
        _history[pool].push(uint48(block.timestamp), uint208(lower));
        emit Slashed(pool, msg.sender, to, bps, taken, uint128(lower), reason);
        if (taken != 0) token.safeTransfer(to, taken);
    }

    /// @inheritdoc IStakePools
    function slashAccount(bytes32 pool, address account, uint256 bps, address to, bytes32 reason)
        external
        nonReentrant
        returns (uint96 taken)
    {
        if (!maySlash(msg.sender, pool, false)) revert PoolForbidden(msg.sender);
        Checkpoints.Trace208 storage history = _ownHistory[pool][account];
        uint256 before = history.latest();
        if (before == 0) before = RAY;
        uint256 lower = _fallen(history, before, bps);
        if (lower == before) return 0;
        uint256 lost = _cut(pool, account, lower, before);
        if (lost == 0) return 0;
        history.push(uint48(block.timestamp), uint208(lower));
        taken = _worth(lost, pools[pool].index);
        emit AccountSlashed(pool, account, msg.sender, to, bps, taken, reason);
        if (taken != 0) token.safeTransfer(to, taken);
    }

    /// @inheritdoc IStakePools
    function hold(bytes32 pool, uint40 until) external {
        if (msg.sender != directory.addressOf(COURT)) revert PoolForbidden(msg.sender);
        Pool storage p = pools[pool];
        if (until <= p.heldUntil) return;
        p.heldUntil = until;
        emit Held(pool, msg.sender, until);
    }

    // ------------------------------------------------------------------------------------------------------ views

    /// @inheritdoc IStakePools
    function stakeOf(bytes32 pool, address account) external view returns (uint96) {
        return _worth(positions[pool][account].shares, pools[pool].index);
    }

    /// @inheritdoc IStakePools
    function stakedIn(bytes32 pool) external view returns (uint96) {
        return _worth(pools[pool].shares, pools[pool].index);
    }

    /// @inheritdoc IStakePools
    function unbondingOf(bytes32 pool, address account) external view returns (uint96) {
        return _worth(unbonds[pool][account].shares, pools[pool].index);
    }

    /// @notice The rewards that `harvest` would pay `account` now.
    function rewardOf(bytes32 pool, address account) external view returns (uint96) {
        Pool memory p = pools[pool];
        Position memory a = positions[pool][account];
        uint256 streamed = _streamed(p.rate, p.last, p.end);
        uint256 acc = p.shares == 0 ? p.acc : p.acc + streamed * ACC_UNIT / p.shares;
        return (a.owed + uint256(a.shares) * (acc - a.paid) / ACC_UNIT).toUint96();
    }

    /// @notice When `account` may withdraw what it is unbonding: later than announced only while a dispute holds the pool,
    /// and never later than 30 days after it was unbonded.
    function withdrawableAt(bytes32 pool, address account) public view returns (uint256) {
        Unbond memory u = unbonds[pool][account];
        return Math.min(u.latest, Math.max(u.readyAt, pools[pool].heldUntil));
    }

    /// @notice The largest share of a pool, in bps rounded down, that slashes could take at this moment.
    function slashableBps(bytes32 pool) external view returns (uint256) {
        uint256 index = pools[pool].index;
        if (index == 0) index = RAY;
        uint256 lower = _fallen(_history[pool], index, MAX_SLASH_BPS);
        return (index - lower) * BPS / index;
    }

    /// @notice Whether `account` may slash `pool`, as a whole or one account in it.
    function maySlash(address account, bytes32 pool, bool whole) public view returns (bool) {
        if (account == directory.addressOf(COURT)) return true;
        uint8 kind = PoolIds.kindOf(pool);
        if (whole) return kind == PoolIds.VALIDATOR && account == directory.addressOf(VALIDATORS);
        return kind == PoolIds.DATANET && account == directory.addressOf(DATANETS);
    }

    // ---------------------------------------------------------------------------------------------------- private

    /// @dev Leaves `account` `lower` / `before` of its shares, staked and unbonding, each rounded up.
    function _cut(bytes32 pool, address account, uint256 lower, uint256 before) private returns (uint256) {
        Pool storage p = pools[pool];
        Position storage a = positions[pool][account];
        Unbond storage u = unbonds[pool][account];
        _accrue(p);
        _settle(p, a);
        uint128 lost = uint128(a.shares - Math.mulDiv(a.shares, lower, before, Math.Rounding.Ceil));
        uint128 lostUnbonding = uint128(u.shares - Math.mulDiv(u.shares, lower, before, Math.Rounding.Ceil));
        a.shares -= lost;
        u.shares -= lostUnbonding;
        p.shares -= lost;
        p.unbonding -= lostUnbonding;
        return uint256(lost) + lostUnbonding;
    }

    /// @dev `value` after a slash of `bps` or of what one event may take, rounded up, and not below what MONTH's limit
    /// leaves of its past value.
    function _fallen(Checkpoints.Trace208 storage history, uint256 value, uint256 bps) private view returns (uint256) {
        bps = Math.min(bps, _maxSlashBps());
        return Math.min(value, Math.max(Math.ceilDiv(value * (BPS - bps), BPS), _floor(history)));
    }

    /// @dev What MONTH's limit leaves of what the history says was the value before it.
    function _floor(Checkpoints.Trace208 storage history) private view returns (uint256) {
        uint256 past = block.timestamp < MONTH ? 0 : history.upperLookup(uint48(block.timestamp - MONTH));
        if (past == 0) past = RAY;
        return Math.ceilDiv(past * (BPS - _maxMonthBps()), BPS);
    }

    /// @dev Whether one event could still take its whole maximum. `value` 0 stands for the history's newest.
    function _isExposed(Checkpoints.Trace208 storage history, uint256 value) private view returns (bool) {
        if (history.length() == 0) return true;
        if (value == 0) value = history.latest();
        return _floor(history) <= Math.ceilDiv(value * (BPS - _maxSlashBps()), BPS);
    }

    function _maxSlashBps() private view returns (uint256) {
        return Math.min(_maxMonthBps(), Math.min(params.valueOf(ParamKeys.SLASH_EVENT_BPS), MAX_SLASH_BPS));
    }

    function _maxMonthBps() private view returns (uint256) {
        return Math.min(params.valueOf(ParamKeys.SLASH_MONTH_BPS), MAX_MONTH_BPS);
    }

    /// @dev `acc` starts at 1, so that nobody's first harvest pays for a slot that was empty.
    function _create(Pool storage p) private returns (uint256) {
        p.index = uint128(RAY);
        p.acc = 1;
        return RAY;
    }

    /// @dev Books what was streamed since `last`: to the shares, or to `idle` when there are none.
    function _accrue(Pool storage p) private {
        (uint256 last, uint256 end) = (p.last, p.end);
        if (last == block.timestamp) return;
        p.last = uint40(block.timestamp);
        if (last >= end) return;
        uint256 streamed = _streamed(p.rate, last, end);
        uint256 shares = p.shares;
        if (shares == 0) p.idle += uint128(streamed);
        else p.acc += streamed * ACC_UNIT / shares;
    }

    function _settle(Pool storage p, Position storage a) private {
        uint256 acc = p.acc;
        uint256 paid = a.paid;
        if (acc == paid) return;
        a.paid = acc;
        uint256 shares = a.shares;
        // The shares were part of the total by which `acc` grew, so the product is at most ACC_UNIT * all rewards.
        if (shares != 0) a.owed += uint128(shares * (acc - paid) / ACC_UNIT);
    }

    /// @dev Adds `amount` and what is idle to the stream: it never gets slower and never ends sooner than it would have.
    function _stream(Pool storage p, uint256 amount, uint256 duration) private {
        uint256 total = (amount + p.idle + _unstreamed(p)) * RATE_UNIT;
        uint256 end = Math.max(p.end, block.timestamp + duration);
        uint256 rate = total / (end - block.timestamp);
        uint256 running = p.end > block.timestamp ? p.rate : 0;
        if (rate < running) {
            end = block.timestamp + total / running;
            rate = total / (end - block.timestamp); // whole seconds: a little faster, so that nothing is left over
        }
        p.rate = uint128(rate);
        p.end = uint40(end);
        p.idle = 0;
    }

    /// @dev The first staker after a pause gets what was idle at the pace of a week, not at once.
    function _restart(bytes32 pool, Pool storage p) private {
        _stream(p, 0, uint256(MIN_DURATION) * 7);
        emit StreamRestarted(pool, p.rate, p.end);
    }

    function _streamed(uint256 rate, uint256 last, uint256 end) private view returns (uint256) {
        uint256 to = Math.min(block.timestamp, end);
        return to > last ? rate * (to - last) / RATE_UNIT : 0;
    }

    /// @dev What a pool that was just accrued has yet to stream.
    function _unstreamed(Pool storage p) private view returns (uint256) {
        return p.end > block.timestamp ? uint256(p.rate) * (p.end - block.timestamp) / RATE_UNIT : 0;
    }

    function _withdraw(bytes32 pool, address account) private {
        Unbond storage u = unbonds[pool][account];
        Pool storage p = pools[pool];
        uint128 shares = u.shares;
        uint96 amount = _worth(shares, p.index);
        p.unbonding -= shares;
        delete unbonds[pool][account];
        emit Withdrawn(pool, account, shares, amount);
        token.safeTransfer(account, amount);
    }

    function _worth(uint256 shares, uint256 index) private pure returns (uint96) {
        return (shares * index / RAY).toUint96();
    }

    function _requireKnown(bytes32 pool) private pure {
        uint8 kind = PoolIds.kindOf(pool);
        if (kind < PoolIds.DATANET || kind > PoolIds.VALIDATOR) revert PoolUnknown(pool);
    }

    function _pull(uint256 amount) private {
        uint256 before = token.ownBalance();
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.ownBalance() - before;
        if (received != amount) revert PoolTokenNotExact(received, amount);
    }
}
