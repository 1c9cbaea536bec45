// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";
import {IParams} from "./interfaces/IParams.sol";
import {IStakePools} from "./interfaces/IStakePools.sol";
import {IValidatorSet} from "./interfaces/IValidatorSet.sol";
import {OwnBalance} from "./lib/OwnBalance.sol";
import {ParamKeys} from "./lib/ParamKeys.sol";
import {PoolIds} from "./lib/PoolIds.sol";
import {TermTree} from "./lib/TermTree.sol";
import {TransientLock} from "./lib/TransientLock.sol";

/// @title ValidatorSet: who checks the work, with what at stake
/// @notice
/// PURPOSE      A validator stakes validatorStakeWei (>= 10,000 OPEN) in its own pool; others delegate by staking in the same
///              pool. It answers validation tasks by commit and reveal, and is drawn to juries by the stake behind it.
///
/// WEIGHT       The stake in a validator's pool as `sync` (anyone) last found it, from the next term on. A term is a day. Who
///              is drawn must have its own stake at that moment and not be in jail, and a weight that stake has left since
///              counts only for what is still there: nothing that happens within a term makes anybody more likely.
/// COMMISSION   At most 20 %, and rises by at most one point in seven days. It is taken from what is distributed here; the
///              rest is streamed to the pool, where the validator's own stake earns like everybody's.
/// TASKS        A requester names validators and a fee for each. For a day they commit to hashes of their verdicts; in the
///              hour after that they reveal, so nobody can copy another's. Unrevealed: the fee goes back. Committing is
///              voluntary; a committed verdict that is not revealed is a miss, as is an unfulfilled duty on a jury.
/// FAULTS       Three misses: out for seven days. A fulfilled duty on a jury takes back one miss. Two signed verdicts for one
///              task: 5 % of the pool, at once, by anyone, without a judge.
///
/// TRUST        Delegators trust their validator to sign one verdict for a task and lose 5 % with it when it does not. The
///              reporter's reward is half of what the validator lost of its *own* stake: a validator that reports itself
///              through a friend would otherwise be paid by its delegators. DisputeCourt may record misses, nothing else.
/// UNITS        Wei of OPEN as uint96; shares in 1/10,000; times in seconds, days divided by Params.TIME_SCALE on test chains.
/// ROUNDING     Commission down, so that the wei goes to the stakers; the reporter's reward down, the rest to the treasury.
/// ASSUMPTIONS  Signers are plain keys (no EIP-1271): a contract's say-so would be no proof that it signed.
/// CANNOT HAPPEN  A weight that moves within a term; a signer that stands for two validators; a commission above 20 % or
///              rising faster; a fee paid for an unrevealed verdict; a fee both paid and refunded.
contract ValidatorSet is IValidatorSet, EIP712, TransientLock {
    using SafeERC20 for IERC20;
    using OwnBalance for IERC20;
    using TermTree for TermTree.Tree;

    error ValidatorUnknown(address validator);
    error ValidatorKnown(address validator);
    error ValidatorStakeTooLow(uint256 have, uint256 need);
    error ValidatorSetFull();
    error ValidatorSignerInvalid(address signer);
    error ValidatorCommissionInvalid(uint256 bps, uint256 max);
    error ValidatorCommissionTooSoon(uint256 earliest);
    error ValidatorStillFit(address validator);
    error ValidatorForbidden(address account);
    error ValidatorNone();
    error ValidatorNoEquivocation();
    error ValidatorTaskInvalid();
    error ValidatorNotAsked(bytes32 task, address validator);
    error ValidatorOutOfPhase(uint256 from, uint256 until);
    error ValidatorWrongReveal();
    error ValidatorTokenNotExact(uint256 received, uint256 expected);

    event ValidatorRegistered(address indexed validator, address signer, uint16 commissionBps, uint256 slot);
    event ValidatorLeft(address indexed validator, address by);
    event SignerSet(address indexed validator, address signer);
    event CommissionSet(address indexed validator, uint16 bps);
    event WeightSet(address indexed validator, uint96 weight, uint256 fromTerm);
    event DutyRecorded(address indexed validator, bool done, uint8 misses);
    event ValidatorJailed(address indexed validator, uint40 until);
    event Distributed(address indexed validator, address indexed from, uint96 amount, uint96 commission);
    event EquivocationProven(
        address indexed validator, bytes32 indexed task, address indexed reporter, uint96 taken, uint96 reward
    );
    event TaskRequested(
        bytes32 indexed task, address indexed requester, bytes32 subject, address[] validators, uint96 fee, uint40 commitUntil
    );
    event VerdictCommitted(bytes32 indexed task, address indexed validator, bytes32 commitment);
    event VerdictRevealed(bytes32 indexed task, address indexed validator, bytes32 verdict, uint96 fee);
    event TaskRefunded(bytes32 indexed task, address indexed validator, uint96 amount);

    enum Answer {
        None,
        Asked,
        Committed,
        Revealed,
        Refunded
    }

    struct Validator {
        address signer;
        uint40 commissionAt; // of the last rise; 0: never registered
        uint16 commissionBps;
        uint16 slot; // 1 to SLOTS; 0: not registered now
        uint8 misses;
        uint40 jailedUntil;
    }

    struct Task {
        address requester;
        uint96 fee;
        uint40 commitUntil;
        uint40 revealUntil;
    }

    struct Reply {
        Answer state;
        bytes32 commitment; // then the verdict
    }

    struct Signature {
        bytes32 r;
        bytes32 vs;
    }

    uint256 private constant BPS = 10_000;
    uint16 public constant MAX_COMMISSION_BPS = 2_000;
    uint16 public constant MAX_RISE_BPS = 100;
    uint256 public constant EQUIVOCATION_BPS = 500;
    uint8 public constant MAX_MISSES = 3;
    uint256 public constant MAX_ASKED = 16;
    uint256 private constant TRIES = 4;
    bytes32 private constant COURT = keccak256("DisputeCourt");
    bytes32 private constant TREASURY = keccak256("Treasury");
    bytes32 public constant SIGNER_TYPEHASH = keccak256("Signer(address validator)");
    bytes32 public constant VERDICT_TYPEHASH = keccak256("Verdict(bytes32 task,bytes32 verdict)");

    IERC20 public immutable token;
    IDirectory public immutable directory;
    IParams public immutable params;
    IStakePools public immutable pools;
    uint40 public immutable DAY;
    uint40 public immutable WEEK;
    uint40 public immutable REVEAL_TIME;

    uint16 public slotsUsed;
    uint256 public taskCount;
    mapping(address validator => Validator) public validators;
    mapping(uint256 slot => address) public slots; // from 1
    /// @notice Whom a signer stands for, for ever: evidence does not expire when a key is replaced.
    mapping(address signer => address) public validatorOf;
    mapping(address validator => mapping(bytes32 task => bool)) public isProven;
    mapping(bytes32 task => Task) public tasks;
    mapping(bytes32 task => mapping(address validator => Reply)) public replies;
    uint16[] private _vacant;
    TermTree.Tree private _tree;

    constructor(IERC20 token_, IDirectory directory_, IParams params_, IStakePools pools_)
        EIP712("OpenLedger ValidatorSet", "1")
    {
        token = token_;
        directory = directory_;
        params = params_;
        pools = pools_;
        uint256 scale = params_.TIME_SCALE();
        DAY = uint40(1 days / scale);
        WEEK = uint40(7 days / scale);
        REVEAL_TIME = uint40(1 hours / scale);
        token_.forceApprove(address(pools_), type(uint256).max);
    }

    // ------------------------------------------------------------------------------------------------- the set

    /// @notice Joins the set with the caller's own stake. `consent` is the signer's, over Signer(validator).
    function register(address signer, Signature calldata consent, uint16 commissionBps) external {
        Validator storage v = validators[msg.sender];
        if (v.slot != 0) revert ValidatorKnown(msg.sender);
        _requireStake(msg.sender);
        _setSigner(v, signer, consent);
        _setCommission(v, commissionBps);
        uint16 slot = _takeSlot();
        v.slot = slot;
        slots[slot] = msg.sender;
        emit ValidatorRegistered(msg.sender, signer, commissionBps, slot);
        sync(msg.sender);
    }

    /// @notice Leaves the set. Evidence against the caller's signatures stays valid while there is stake.
    function resign() external {
        _remove(msg.sender);
    }

    /// @notice Removes a validator whose own stake has fallen below what a validator needs. Anyone may call.
    function prune(address validator) external {
        if (_ownStake(validator) >= params.valueOf(ParamKeys.VALIDATOR_STAKE_WEI)) revert ValidatorStillFit(validator);
        _remove(validator);
    }

    /// @notice Takes over what is staked in `validator`'s pool now as its weight from the next term on. Anyone may call.
    function sync(address validator) public {
        uint16 slot = _slotOf(validator);
        _setWeight(validator, slot, isActive(validator) ? pools.stakedIn(PoolIds.validator(validator)) : 0);
    }

    /// @notice Replaces the key that signs for the caller.
    function setSigner(address signer, Signature calldata consent) external {
        _slotOf(msg.sender);
        _setSigner(validators[msg.sender], signer, consent);
        emit SignerSet(msg.sender, signer);
    }

    /// @notice Sets the caller's commission: up to 20 %, up by at most one point in seven days, down at any time.
    function setCommission(uint16 bps) external {
        _slotOf(msg.sender);
        _setCommission(validators[msg.sender], bps);
        emit CommissionSet(msg.sender, bps);
    }

    /// @notice Divides `amount` of the caller's OPEN between a validator (its commission) and the stakers of its pool, to
    /// whom it is streamed in a week.
    function distribute(address validator, uint96 amount) external nonReentrant {
        _slotOf(validator);
        _pull(amount);
        _distribute(validator, msg.sender, amount);
    }

    // --------------------------------------------------------------------------------------------------- faults

    /// @inheritdoc IValidatorSet
    function recordDuty(address validator, bool done) external {
        if (msg.sender != directory.addressOf(COURT)) revert ValidatorForbidden(msg.sender);
        _record(validator, done);
    }

    /// @notice Two verdicts for one task, both signed by one validator: 5 % of its pool is taken. Anyone may call, once for
    /// each task.
    function proveEquivocation(
        bytes32 task,
        bytes32 verdictA,
        Signature calldata a,
        bytes32 verdictB,
        Signature calldata b
    ) external nonReentrant returns (uint96 taken) {
        address signer = ECDSA.recover(verdictDigest(task, verdictA), a.r, a.vs);
        if (verdictA == verdictB || signer != ECDSA.recover(verdictDigest(task, verdictB), b.r, b.vs)) {
            revert ValidatorNoEquivocation();
        }
        address validator = validatorOf[signer];
        if (validator == address(0)) revert ValidatorUnknown(signer);
        if (isProven[validator][task]) revert ValidatorNoEquivocation();
        isProven[validator][task] = true;
        uint96 own = _atRisk(validator);
        taken = pools.slash(PoolIds.validator(validator), EQUIVOCATION_BPS, address(this), task);
        uint96 reward = uint96(Math.min(taken, (own - _atRisk(validator)) / 2));
        emit EquivocationProven(validator, task, msg.sender, taken, reward);
        if (reward != 0) token.safeTransfer(msg.sender, reward);
        if (taken != reward) token.safeTransfer(directory.addressOf(TREASURY), taken - reward);
    }

    // ---------------------------------------------------------------------------------------------------- tasks

    /// @notice Asks `asked` for verdicts on `subject` (a hash of the request) and pays `fee` into escrow for each.
    function request(bytes32 subject, address[] calldata asked, uint96 fee) external nonReentrant returns (bytes32 task) {
        if (asked.length == 0 || asked.length > MAX_ASKED || fee == 0) revert ValidatorTaskInvalid();
        task = keccak256(abi.encode(block.chainid, address(this), ++taskCount));
        uint40 commitUntil = uint40(block.timestamp) + DAY;
        tasks[task] = Task(msg.sender, fee, commitUntil, commitUntil + REVEAL_TIME);
        for (uint256 i; i < asked.length; ++i) {
            Reply storage reply = replies[task][asked[i]];
            if (reply.state != Answer.None || !isActive(asked[i])) revert ValidatorTaskInvalid();
            reply.state = Answer.Asked;
        }
        emit TaskRequested(task, msg.sender, subject, asked, fee, commitUntil);
        _pull(uint256(fee) * asked.length);
    }

    /// @notice A validator that was asked commits to commitmentOf(task, itself, verdict, salt).
    function commit(bytes32 task, bytes32 commitment) external {
        Reply storage reply = replies[task][msg.sender];
        if (reply.state != Answer.Asked) revert ValidatorNotAsked(task, msg.sender);
        _requirePhase(0, tasks[task].commitUntil);
        reply.state = Answer.Committed;
        reply.commitment = commitment;
        emit VerdictCommitted(task, msg.sender, commitment);
    }

    /// @notice Reveals the verdict that the caller committed to, once nobody can commit any more, and earns the fee.
    function reveal(bytes32 task, bytes32 verdict, bytes32 salt) external nonReentrant {
        Reply storage reply = replies[task][msg.sender];
        Task memory t = tasks[task];
        if (reply.state != Answer.Committed) revert ValidatorNotAsked(task, msg.sender);
        _requirePhase(t.commitUntil, t.revealUntil);
        if (reply.commitment != commitmentOf(task, msg.sender, verdict, salt)) revert ValidatorWrongReveal();
        reply.state = Answer.Revealed;
        reply.commitment = verdict;
        emit VerdictRevealed(task, msg.sender, verdict, t.fee);
        _distribute(msg.sender, address(this), t.fee);
    }

    /// @notice Gives the requester back the fee of a validator that has not revealed in time; if it had committed, that
    /// is a miss. Anyone may call.
    function refund(bytes32 task, address validator) external nonReentrant {
        Reply storage reply = replies[task][validator];
        Task memory t = tasks[task];
        bool committed = reply.state == Answer.Committed;
        if (!committed && reply.state != Answer.Asked) revert ValidatorNotAsked(task, validator);
        _requirePhase(t.revealUntil, type(uint40).max);
        reply.state = Answer.Refunded;
        emit TaskRefunded(task, validator, t.fee);
        if (committed) _record(validator, false);
        token.safeTransfer(t.requester, t.fee);
    }

    // ---------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IValidatorSet
    function term() public view returns (uint256 number, uint256 endsAt) {
        number = block.timestamp / DAY;
        endsAt = (number + 1) * DAY;
    }

    /// @notice Registered, not in jail, and with its own stake behind it.
    function isActive(address validator) public view returns (bool) {
        Validator storage v = validators[validator];
        return v.slot != 0 && block.timestamp >= v.jailedUntil
            && _ownStake(validator) >= params.valueOf(ParamKeys.VALIDATOR_STAKE_WEI);
    }

    /// @notice What `validator` weighs in this term, and in the next if nothing changes.
    function weightOf(address validator) external view returns (uint96 current, uint96 next) {
        uint16 slot = validators[validator].slot;
        if (slot == 0) return (0, 0);
        (uint256 number,) = term();
        return (_tree.weightOf(slot - 1, number), _tree.pending(slot - 1));
    }

    /// @inheritdoc IValidatorSet
    function totalWeight() public view returns (uint96) {
        (uint256 number,) = term();
        return _tree.total(number);
    }

    /// @inheritdoc IValidatorSet
    function draw(bytes32 seed, uint256 seats, address[3] calldata apart) external view returns (address[] memory drawn) {
        (uint256 number,) = term();
        uint256 total = _tree.total(number);
        if (total == 0) revert ValidatorNone();
        drawn = new address[](seats);
        for (uint256 seat; seat < seats; ++seat) {
            for (uint256 i; i < TRIES && drawn[seat] == address(0); ++i) {
                uint256 random = uint256(keccak256(abi.encode(seed, seat, i)));
                uint256 slot = _tree.find(random % total, number);
                address found = slots[slot + 1];
                if (found == apart[0] || found == apart[1] || found == apart[2] || !isActive(found)) continue;
                // The weight may have been noted before stake left: then it counts only for what is left.
                uint256 chance = uint256(keccak256(abi.encode(random))) % _tree.weightOf(slot, number);
                if (chance < pools.stakedIn(PoolIds.validator(found))) drawn[seat] = found;
            }
        }
    }

    function commitmentOf(bytes32 task, address validator, bytes32 verdict, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(task, validator, verdict, salt));
    }

    /// @notice What a signer signs to stand for `validator` (EIP-712).
    function signerDigest(address validator) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(SIGNER_TYPEHASH, validator)));
    }

    /// @notice What a signer signs to give `verdict` on `task` (EIP-712).
    function verdictDigest(bytes32 task, bytes32 verdict) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VERDICT_TYPEHASH, task, verdict)));
    }

    // -------------------------------------------------------------------------------------------------- private

    function _setSigner(Validator storage v, address signer, Signature calldata consent) private {
        address before = validatorOf[signer];
        bool consents = ECDSA.recover(signerDigest(msg.sender), consent.r, consent.vs) == signer;
        if (!consents || (before != address(0) && before != msg.sender)) revert ValidatorSignerInvalid(signer);
        validatorOf[signer] = msg.sender;
        v.signer = signer;
    }

    /// @dev Also who comes back is bound to what it charged when it left.
    function _setCommission(Validator storage v, uint16 bps) private {
        if (bps > MAX_COMMISSION_BPS) revert ValidatorCommissionInvalid(bps, MAX_COMMISSION_BPS);
        bool rises = bps > v.commissionBps;
        if (rises && v.commissionAt != 0) {
            if (block.timestamp < v.commissionAt + WEEK) revert ValidatorCommissionTooSoon(v.commissionAt + WEEK);
            uint256 max = v.commissionBps + MAX_RISE_BPS;
            if (bps > max) revert ValidatorCommissionInvalid(bps, max);
        }
        if (rises || v.commissionAt == 0) v.commissionAt = uint40(block.timestamp);
        v.commissionBps = bps;
    }

    /// @dev A vacated slot is taken again when no weight of its last holder is in force any more.
    function _takeSlot() private returns (uint16 slot) {
        (uint256 number,) = term();
        uint256 count = _vacant.length;
        if (count != 0 && _tree.weightOf(_vacant[count - 1] - 1, number) == 0) {
            slot = _vacant[count - 1];
            _vacant.pop();
        } else {
            if (slotsUsed == TermTree.SLOTS) revert ValidatorSetFull();
            slot = ++slotsUsed;
        }
    }

    function _remove(address validator) private {
        uint16 slot = _slotOf(validator);
        _setWeight(validator, slot, 0);
        validators[validator].slot = 0;
        delete slots[slot];
        _vacant.push(slot);
        emit ValidatorLeft(validator, msg.sender);
    }

    function _setWeight(address validator, uint16 slot, uint96 weight) private {
        (uint256 number,) = term();
        _tree.set(slot - 1, weight, number);
        emit WeightSet(validator, weight, number + 1);
    }

    function _record(address validator, bool done) private {
        Validator storage v = validators[validator];
        if (done) {
            if (v.misses != 0) --v.misses;
        } else if (++v.misses >= MAX_MISSES) {
            v.misses = 0;
            v.jailedUntil = uint40(block.timestamp) + WEEK;
            emit ValidatorJailed(validator, v.jailedUntil);
            if (v.slot != 0) _setWeight(validator, v.slot, 0);
        }
        emit DutyRecorded(validator, done, v.misses);
    }

    function _distribute(address validator, address from, uint96 amount) private {
        uint96 commission = uint96(uint256(amount) * validators[validator].commissionBps / BPS);
        emit Distributed(validator, from, amount, commission);
        if (commission != 0) token.safeTransfer(validator, commission);
        pools.reward(PoolIds.validator(validator), amount - commission, WEEK);
    }

    function _requireStake(address validator) private view {
        uint256 need = params.valueOf(ParamKeys.VALIDATOR_STAKE_WEI);
        uint256 have = _ownStake(validator);
        if (have < need) revert ValidatorStakeTooLow(have, need);
    }

    function _ownStake(address validator) private view returns (uint96) {
        return pools.stakeOf(PoolIds.validator(validator), validator);
    }

    /// @dev What a slash of its pool takes from: its own stake, also what is leaving.
    function _atRisk(address validator) private view returns (uint96) {
        return _ownStake(validator) + pools.unbondingOf(PoolIds.validator(validator), validator);
    }

    function _slotOf(address validator) private view returns (uint16 slot) {
        slot = validators[validator].slot;
        if (slot == 0) revert ValidatorUnknown(validator);
    }

    function _requirePhase(uint256 from, uint256 until) private view {
        if (block.timestamp < from || block.timestamp >= until) revert ValidatorOutOfPhase(from, until);
    }

    function _pull(uint256 amount) private {
        uint256 before = token.ownBalance();
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.ownBalance() - before;
        if (received != amount) revert ValidatorTokenNotExact(received, amount);
    }
}
