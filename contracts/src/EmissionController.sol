// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";
import {IFeeSource} from "./interfaces/IFeeSource.sol";
import {IParams} from "./interfaces/IParams.sol";
import {ISettledEpochs} from "./interfaces/ISettledEpochs.sol";
import {IStakePools} from "./interfaces/IStakePools.sol";
import {EarningsProof} from "./lib/EarningsProof.sol";
import {OwnBalance} from "./lib/OwnBalance.sol";
import {ParamKeys} from "./lib/ParamKeys.sol";
import {PoolIds} from "./lib/PoolIds.sol";
import {TransientLock} from "./lib/TransientLock.sol";

/// @title EmissionController: the community's allocation, given only beside fees that were really paid
/// @notice
/// PURPOSE      Holds a fixed allocation of OPEN and streams it to the stakers of Datanets that are used. Nothing is minted.
///
/// SCHEDULE     In week w at most R0 * 0.98^w becomes available: in all at most 50 * R0. What is not given away in its week
///              stays available.
/// RELEASE      Per week and Datanet: min(its share of the week's budget, m / f * protocol fees newly settled for it). Its
///              share is what governance gave its gauge, in force from the week after. Its fees are a leaf of an active
///              epoch of the ledger, cumulative and in wei of *protocol fee*, and all Datanets together never count more than
///              RevenueRouters really took since this contract first saw them.
/// WASH TRADE   Who pays 1 to itself pays fee f, gets at most 1 - f back through the ledger and at most m / f * f = m <= f of
///              emission: never more than 1. Counting in fees taken, not in payments, keeps that true when f or m change
///              between payment and release.
/// GRANTS       A new Datanet has no fees to match. TimelockSlow may grant it OPEN from the same budget: at most 10 % of all
///              that became available, and at most once R0 / 10 for one Datanet.
///
/// TRUST        TimelockFast sets gauges and can favour Datanets, within their fees. TimelockSlow grants within the caps. The
///              ledger's publishers state fees per Datanet; a wrong leaf is a wrong epoch, to be challenged in its window, and
///              the routers' total bounds them all. Nobody can take the allocation back or pay it to an account: it goes to
///              stake pools only.
/// UNITS        Wei of OPEN; shares in 1/10,000; weeks of 7 days since START, divided by Params.TIME_SCALE on test chains.
/// ROUNDING     Down; what is not given stays.
/// ASSUMPTIONS  OPEN moves exact amounts. Only what `fund` brought in counts. A router keeps `totalFees` as a running total.
/// CANNOT HAPPEN  Given > available; given > funded; a fee matched twice; a match above the fee; a Datanet's week above its
///              share.
contract EmissionController is TransientLock {
    using SafeERC20 for IERC20;
    using OwnBalance for IERC20;

    error EmissionConfigInvalid();
    error EmissionForbidden(address account);
    error EmissionGaugesInvalid();
    error EmissionEpochNotActive(uint32 epoch);
    error EmissionProofInvalid(uint256 datanet);
    error EmissionNothingToRelease(uint256 datanet);
    error EmissionGrantTooLarge(uint256 amount, uint256 max);
    error EmissionTokenNotExact(uint256 received, uint256 expected);

    event Funded(address indexed from, uint96 amount, uint256 funded);
    event GaugeSet(uint256 indexed datanet, uint16 bps, uint256 fromWeek);
    event WeekOpened(uint256 indexed week, uint256 budget);
    event FeesSeen(address indexed router, uint256 total, uint256 matchable);
    event Released(uint256 indexed datanet, uint256 indexed week, uint32 epoch, uint96 amount, uint256 fees, uint256 given);
    event Granted(uint256 indexed datanet, uint96 amount, uint256 granted, uint256 given);

    /// @dev `next` holds from week `from` on.
    struct Gauge {
        uint16 current;
        uint16 next;
        uint64 from;
    }

    uint256 private constant RAY = 1e27;
    uint256 private constant BPS = 10_000;
    uint256 private constant DECAY = 0.98e27;
    uint256 private constant WEEKS_IN_ALL = 50; // 1 / (1 - 0.98)
    uint256 public constant GRANT_BPS = 1_000;
    bytes32 public constant FEE_LEAF = keccak256("OpenLedger.DatanetFee.v1");
    bytes32 private constant FAST = keccak256("TimelockFast");
    bytes32 private constant SLOW = keccak256("TimelockSlow");
    bytes32 private constant LEDGER = keccak256("AttributionLedger");
    bytes32 private constant ROUTER = keccak256("RevenueRouter");

    IERC20 public immutable token;
    IDirectory public immutable directory;
    IParams public immutable params;
    IStakePools public immutable pools;
    /// @notice What becomes available in the first week.
    uint96 public immutable R0;
    uint256 public immutable START;
    uint40 public immutable WEEK;

    uint256 public funded;
    uint256 public given;
    uint256 public granted;
    /// @notice Fees that routers took and no Datanet was matched for yet.
    uint256 public matchable;
    uint256 public openedWeek; // + 1; 0 before the first
    uint256 public budget; // of the opened week
    uint256 public gaugeSum; // of all `next`
    mapping(uint256 datanet => Gauge) public gauges;
    mapping(uint256 datanet => uint256) public matchedFees; // cumulative
    mapping(uint256 datanet => mapping(uint256 week => uint256)) public releasedIn;
    mapping(uint256 datanet => uint256) public grantedTo;
    mapping(address router => uint256) public feesSeen;
    mapping(address router => bool) public isKnown;

    constructor(IERC20 token_, IDirectory directory_, IParams params_, IStakePools pools_, uint96 r0, uint256 start) {
        if (r0 == 0) revert EmissionConfigInvalid();
        token = token_;
        directory = directory_;
        params = params_;
        pools = pools_;
        R0 = r0;
        START = start;
        WEEK = uint40(7 days / params_.TIME_SCALE());
        token_.forceApprove(address(pools_), type(uint256).max);
    }

    /// @notice Adds to the allocation. Anyone may; it cannot be taken back.
    function fund(uint96 amount) external nonReentrant {
        funded += amount;
        emit Funded(msg.sender, amount, funded);
        uint256 before = token.ownBalance();
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.ownBalance() - before;
        if (received != amount) revert EmissionTokenNotExact(received, amount);
    }

    /// @notice Gives Datanets shares of the weekly budget, from next week on. All gauges together have at most 10,000.
    function setGauges(uint256[] calldata datanets, uint16[] calldata bps) external {
        if (msg.sender != directory.addressOf(FAST)) revert EmissionForbidden(msg.sender);
        if (datanets.length != bps.length) revert EmissionGaugesInvalid();
        uint256 from = week() + 1;
        uint256 sum = gaugeSum;
        for (uint256 i; i < datanets.length; ++i) {
            Gauge storage g = gauges[datanets[i]];
            sum = sum - g.next + bps[i];
            gauges[datanets[i]] = Gauge(uint16(gaugeOf(datanets[i])), bps[i], uint64(from));
            emit GaugeSet(datanets[i], bps[i], from);
        }
        if (sum > BPS) revert EmissionGaugesInvalid();
        gaugeSum = sum;
    }

    /// @notice Streams to a Datanet's stakers what its newly settled fees entitle it to. Anyone may call.
    /// @param cumulativeFees protocol fees in wei that answers using this Datanet have ever paid, as the epoch's leaf says
    /// @param proof from feeLeaf(datanet, cumulativeFees) to the epoch's top; its last sibling is the earnings' root
    function release(uint256 datanet, uint32 epoch, uint256 cumulativeFees, bytes32[] calldata proof)
        external
        nonReentrant
        returns (uint96 amount)
    {
        _requireLeaf(datanet, epoch, cumulativeFees, proof);
        seeFees();
        uint256 week_ = _openWeek();
        uint256 fees;
        (amount, fees) = releasable(datanet, cumulativeFees);
        if (amount == 0) revert EmissionNothingToRelease(datanet);
        matchable -= fees;
        matchedFees[datanet] += fees;
        releasedIn[datanet][week_] += amount;
        given += amount;
        emit Released(datanet, week_, epoch, amount, fees, given);
        pools.reward(PoolIds.datanet(datanet), amount, WEEK);
    }

    /// @notice Takes note of what the router has taken since it was last seen. Anyone may call; `release` does. A router counts
    /// from when it is first seen: what it took before may have been matched by this contract's predecessor.
    function seeFees() public {
        address router = directory.addressOf(ROUTER);
        if (router == address(0)) return;
        uint256 total = IFeeSource(router).totalFees();
        uint256 seen = feesSeen[router];
        if (!isKnown[router]) (isKnown[router], seen) = (true, total);
        if (total > seen) matchable += total - seen;
        feesSeen[router] = Math.max(total, seen);
        emit FeesSeen(router, total, matchable);
    }

    /// @notice Streams a start to a Datanet that has no fees yet, within the caps. Only TimelockSlow.
    function grant(uint256 datanet, uint96 amount, uint40 duration) external nonReentrant {
        if (msg.sender != directory.addressOf(SLOW)) revert EmissionForbidden(msg.sender);
        uint256 max = Math.min(availableInAll() * GRANT_BPS / BPS - granted, R0 / 10 - grantedTo[datanet]);
        max = Math.min(max, left());
        if (amount > max) revert EmissionGrantTooLarge(amount, max);
        granted += amount;
        grantedTo[datanet] += amount;
        given += amount;
        emit Granted(datanet, amount, granted, given);
        pools.reward(PoolIds.datanet(datanet), amount, duration);
    }

    // ---------------------------------------------------------------------------------------------------- views

    /// @notice Whole weeks since START.
    function week() public view returns (uint256) {
        return block.timestamp < START ? 0 : (block.timestamp - START) / WEEK;
    }

    /// @notice What has become available from the start to the end of this week, given away or not, whether funded or not:
    /// R0 * (1 - 0.98^(week + 1)) / 0.02.
    function availableInAll() public view returns (uint256) {
        if (block.timestamp < START) return 0;
        return uint256(R0) * WEEKS_IN_ALL * (RAY - _power(DECAY, week() + 1)) / RAY;
    }

    /// @notice What may still be given away now.
    function left() public view returns (uint256) {
        uint256 limit = Math.min(availableInAll(), funded);
        return limit > given ? limit - given : 0;
    }

    /// @notice The share of the budget that `datanet` has this week.
    function gaugeOf(uint256 datanet) public view returns (uint256) {
        Gauge memory g = gauges[datanet];
        return week() >= g.from ? g.next : g.current;
    }

    /// @notice What `release` would give for a leaf of `cumulativeFees`, and the fees that it uses up, by what is known of the
    /// routers and this week's budget. Fees that found no budget can be matched in a later week.
    function releasable(uint256 datanet, uint256 cumulativeFees) public view returns (uint96 amount, uint256 fees) {
        uint256 already = matchedFees[datanet];
        if (cumulativeFees <= already) return (0, 0);
        uint256 fee = params.valueOf(ParamKeys.PROTOCOL_FEE_BPS);
        uint256 match_ = Math.min(params.valueOf(ParamKeys.MATCH_BPS), fee);
        if (match_ == 0) return (0, 0);
        uint256 share = budget * gaugeOf(datanet) / BPS;
        uint256 used = releasedIn[datanet][week()];
        uint256 room = Math.min(share > used ? share - used : 0, left());
        fees = Math.min(cumulativeFees - already, matchable);
        uint256 entitled = fees * match_ / fee;
        if (entitled > room) {
            entitled = room;
            fees = Math.ceilDiv(room * fee, match_); // only as much of the fees as was matched
        }
        amount = uint96(entitled);
    }

    function feeLeaf(uint256 datanet, uint256 cumulativeFees) public pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(FEE_LEAF, datanet, cumulativeFees))));
    }

    // -------------------------------------------------------------------------------------------------- private

    function _requireLeaf(uint256 datanet, uint32 epoch, uint256 cumulativeFees, bytes32[] calldata proof) private view {
        ISettledEpochs ledger = ISettledEpochs(directory.addressOf(LEDGER));
        if (ledger.stateOf(epoch) != ISettledEpochs.State.Active) revert EmissionEpochNotActive(epoch);
        (bytes32 top,,,,,,,) = ledger.epochs(epoch);
        if (EarningsProof.root(proof, feeLeaf(datanet, cumulativeFees)) != top) revert EmissionProofInvalid(datanet);
    }

    /// @dev The budget is fixed when the week's first release comes, so that shares do not depend on the order of releases.
    function _openWeek() private returns (uint256 week_) {
        week_ = week();
        if (openedWeek == week_ + 1) return week_;
        openedWeek = week_ + 1;
        budget = left();
        emit WeekOpened(week_, budget);
    }

    /// @dev base^exponent in RAY, each step rounded down: O(log exponent).
    function _power(uint256 base, uint256 exponent) private pure returns (uint256 result) {
        result = RAY;
        for (; exponent != 0; exponent >>= 1) {
            if (exponent & 1 == 1) result = result * base / RAY;
            base = base * base / RAY;
        }
    }
}
