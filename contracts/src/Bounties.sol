// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {AttributionLedger} from "./AttributionLedger.sol";
import {DatanetRegistry} from "./DatanetRegistry.sol";
import {ModelRegistry} from "./ModelRegistry.sol";
import {DatanetRecords} from "./datanets/DatanetRecords.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";
import {IParams} from "./interfaces/IParams.sol";
import {GuardianPause} from "./lib/GuardianPause.sol";
import {OwnBalance} from "./lib/OwnBalance.sol";
import {TransientLock} from "./lib/TransientLock.sol";

/// @title Bounties: money for data that is wanted, and for trainings that many pay for
/// @notice
/// PURPOSE      Sponsors put OPEN behind a written goal (`goalHash`). Until `fundUntil` they give; from then until `deadline`
///              awards are made; what nobody was awarded goes back to each by what they gave. A goal that missed `target`
///              goes back at once.
/// WHO IS PAID  Data: contributors of rows that stand in the Datanet's newest version on chain (Merkle proof under its head)
///              and were brought after the bounty was opened; `unit` a row, a row once. Runs: the owner of a model whose newest
///              version on chain names its evaluation; once, everything. Where the ledger knows a recipient for an
///              account, the recipient is paid.
/// WHO DECIDES  Data: any curator of the Datanet, in the registry. Runs: `judge`, named when it was opened. Then `window`
///              seconds in which each sponsor may object, and takes back their own part of that award except for `firmBps` of
///              it. Nobody's objection touches another's money.
/// TRUST        A sponsor who looks within the window risks to a dishonest judge `firmBps` of what they gave; a sponsor who
///              does not look, all of it. Who is awarded is sure of `firmBps`, and of the rest while no sponsor objects.
///              There is no administrator: GUARDIAN can stop new bounties and gifts for 72 hours, nothing else. Registries and
///              ledger are fixed for ever; a Datanet that moves to a successor is awarded nothing more here.
/// UNITS        Wei of OPEN; 1/10,000; seconds. The least window is an hour, divided by Params.TIME_SCALE on test chains.
/// ROUNDING     A sponsor's part of an award rounds down, for whom it is awarded; rows of one award differ by at most a wei; the
///              last refund takes what is left. A closed bounty holds nothing.
/// ASSUMPTIONS  The token moves exact amounts and refuses no payee. Times in rows are the curators' word, as in the registry.
/// CANNOT HAPPEN  More leaves a bounty than came in; money goes to anyone but a proven contributor, a model's owner or who gave
///              it; a row is awarded twice by one bounty; an award in its window is paid; a refund waits for anybody.
contract Bounties is GuardianPause, TransientLock {
    using SafeERC20 for IERC20;
    using OwnBalance for IERC20;

    error BountyUnknown(uint256 id);
    error BountyTermsInvalid();
    error BountyFundingOver(uint256 id, uint256 until);
    error BountyFundingOpen(uint256 id, uint256 until);
    error BountyTargetMissed(uint256 id, uint256 funded, uint256 target);
    error BountyOver(uint256 id, uint256 deadline);
    error BountyNotOver(uint256 id);
    error BountyForbidden(uint256 id, address account);
    error BountyShort(uint256 id, uint256 left, uint256 wanted);
    error BountyHeadWrong(uint256 id);
    error BountyRowInvalid(uint256 id, uint256 index);
    error BountyRowTaken(uint256 id, bytes32 leaf);
    error BountyPayeeInvalid(address account);
    error BountyAwardUnknown(uint256 id, uint256 award);
    error BountyAwardOpen(uint256 id, uint256 award, uint256 until);
    error BountyAwardFinal(uint256 id, uint256 award);
    error BountyNothingToTake(uint256 id, address account);
    error BountyTokenNotExact(uint256 received, uint256 expected);

    event BountyOpened(uint256 indexed id, address indexed opener, bytes32 indexed goalHash, Terms terms);
    event BountyFunded(uint256 indexed id, address indexed sponsor, uint96 amount, uint96 funded);
    event BountyAwarded(
        uint256 indexed id, uint256 indexed award, address indexed by, uint96 sum, uint40 payableAt, bytes32[] subjects
    );
    event BountyPayees(uint256 indexed id, uint256 indexed award, address[] payees);
    event BountyObjected(
        uint256 indexed id, uint256 indexed award, address indexed sponsor, uint96 part, string reason
    );
    event BountyPaid(uint256 indexed id, uint256 indexed award, uint96 amount, address by);
    event BountyRefunded(uint256 indexed id, address indexed sponsor, uint96 amount);

    /// @dev Data: `datanetId` and `unit`. Runs: `judge`, and a target. Never both.
    struct Terms {
        uint64 datanetId;
        address judge;
        uint96 unit;
        uint96 target;
        uint40 fundUntil;
        uint40 deadline;
        uint40 window;
        uint16 firmBps;
    }

    struct Bounty {
        Terms terms;
        uint40 openedAt;
        uint32 awards;
        uint96 funded;
        uint96 left; // neither awarded nor refunded
        uint96 notRefunded; // what those gave who took no refund yet
    }

    struct Award {
        bytes32 payeesHash;
        uint96 sum;
        uint96 objected; // taken back by sponsors
        uint40 payableAt;
        bool paid;
    }

    struct Gift {
        uint96 amount;
        bool refunded;
    }

    /// @dev What the newest head of a Datanet was made of: the head before it, and its batch.
    struct Snapshot {
        bytes32 previousHead;
        bytes32 root;
        uint256 count;
    }

    struct Row {
        DatanetRecords.Record record;
        bytes32[] proof;
    }

    uint256 public constant MAX_ROWS = 100;
    uint256 public constant MAX_DURATION = 400 days;
    uint256 public constant MAX_WINDOW = 30 days;
    uint256 public immutable MIN_WINDOW;
    IERC20 public immutable token;
    DatanetRegistry public immutable datanets;
    ModelRegistry public immutable models;
    AttributionLedger public immutable ledger;

    uint256 public bountyCount;
    mapping(uint256 id => Bounty) internal _bounties;
    mapping(uint256 id => mapping(uint256 award => Award)) public awards;
    mapping(uint256 id => mapping(address sponsor => Gift)) public gifts;
    mapping(uint256 id => mapping(uint256 award => mapping(address sponsor => bool))) public hasObjected;
    mapping(uint256 id => mapping(bytes32 leaf => bool)) public isAwarded;

    constructor(
        IERC20 token_,
        address guardian_,
        IDirectory directory_,
        IParams params_,
        DatanetRegistry datanets_,
        ModelRegistry models_,
        AttributionLedger ledger_
    ) GuardianPause(guardian_, directory_) {
        (token, datanets, models, ledger) = (token_, datanets_, models_, ledger_);
        MIN_WINDOW = 1 hours / params_.TIME_SCALE();
    }

    /// @notice Opens a bounty with a first gift of the caller (may be 0). `goalHash` commits to the written goal.
    function open(bytes32 goalHash, Terms calldata terms, uint96 amount) external nonReentrant returns (uint256 id) {
        _checkTerms(terms);
        id = ++bountyCount;
        Bounty storage b = _bounties[id];
        b.terms = terms;
        b.openedAt = uint40(block.timestamp);
        emit BountyOpened(id, msg.sender, goalHash, terms);
        if (amount != 0) _fund(id, amount);
        else _requireOpen();
    }

    /// @notice Gives `amount` to a bounty. It comes back only as the header says.
    function fund(uint256 id, uint96 amount) external nonReentrant {
        _fund(id, amount);
    }

    /// @notice Awards `unit` for each row. By a curator of the Datanet; each row needs its proof under the newest head.
    function awardRows(uint256 id, Snapshot calldata snapshot, Row[] calldata rows) external returns (uint256 award) {
        Bounty storage b = _requireAwardable(id);
        uint256 datanetId = b.terms.datanetId;
        if (datanetId == 0 || !datanets.isCurator(datanetId, msg.sender)) revert BountyForbidden(id, msg.sender);
        _requireHead(id, datanetId, snapshot);
        if (rows.length == 0 || rows.length > MAX_ROWS) revert BountyRowInvalid(id, rows.length);
        address[] memory payees = new address[](rows.length);
        bytes32[] memory leaves = new bytes32[](rows.length);
        for (uint256 i; i < rows.length; ++i) {
            leaves[i] = _takeRow(id, datanetId, b.openedAt, snapshot.root, rows[i], i);
            payees[i] = _payeeOf(rows[i].record.contributor);
        }
        return _award(id, b, b.terms.unit * rows.length, payees, leaves);
    }

    /// @notice Awards everything to the owner of model `modelId`. By the judge; `version` is its newest on chain.
    function awardRun(uint256 id, uint256 modelId, bytes32 previousHead, ModelRegistry.Version calldata version)
        external
        returns (uint256 award)
    {
        Bounty storage b = _requireAwardable(id);
        if (msg.sender != b.terms.judge) revert BountyForbidden(id, msg.sender);
        (address owner,,,, uint8 state, bytes32 head) = models.models(modelId);
        bytes32[] memory subjects = new bytes32[](1);
        subjects[0] = models.hashVersion(version);
        bool newest = keccak256(abi.encode(previousHead, subjects[0])) == head;
        if (!newest || state != models.LIVE() || version.evalHash == 0) revert BountyHeadWrong(id);
        address[] memory payees = new address[](1);
        payees[0] = _payeeOf(owner);
        return _award(id, b, b.left, payees, subjects);
    }

    /// @notice A sponsor's objection to an award, within its window: their part of it less `firmBps` goes back to them.
    function object(uint256 id, uint256 award, string calldata reason) external nonReentrant returns (uint96 part) {
        Award storage a = _requireAward(id, award);
        if (block.timestamp >= a.payableAt) revert BountyAwardFinal(id, award);
        part = partOf(id, award, msg.sender);
        if (part == 0) revert BountyNothingToTake(id, msg.sender);
        hasObjected[id][award][msg.sender] = true;
        a.objected += part;
        emit BountyObjected(id, award, msg.sender, part, reason);
        token.safeTransfer(msg.sender, part);
    }

    /// @notice Pays an award after its window. Anyone may call; `payees` are those of BountyPayees.
    function pay(uint256 id, uint256 award, address[] calldata payees) external nonReentrant returns (uint96 amount) {
        Award storage a = _requireAward(id, award);
        if (a.paid) revert BountyAwardFinal(id, award);
        if (block.timestamp < a.payableAt) revert BountyAwardOpen(id, award, a.payableAt);
        if (keccak256(abi.encode(payees)) != a.payeesHash) revert BountyAwardUnknown(id, award);
        a.paid = true;
        amount = a.sum - a.objected;
        emit BountyPaid(id, award, amount, msg.sender);
        _divide(amount, payees);
    }

    /// @notice Pays `sponsor` what a bounty that is over owes them. Anyone may call.
    function refund(uint256 id, address sponsor) external nonReentrant returns (uint96 amount) {
        Bounty storage b = _requireBounty(id);
        if (!isOver(id)) revert BountyNotOver(id);
        Gift storage g = gifts[id][sponsor];
        if (g.amount == 0 || g.refunded) revert BountyNothingToTake(id, sponsor);
        amount = uint96(uint256(b.left) * g.amount / b.notRefunded);
        g.refunded = true;
        b.left -= amount;
        b.notRefunded -= g.amount;
        emit BountyRefunded(id, sponsor, amount);
        token.safeTransfer(sponsor, amount);
    }

    function bounties(uint256 id) external view returns (Bounty memory) {
        return _bounties[id];
    }

    /// @notice Whether nothing more is awarded: the deadline passed, or too little came in.
    function isOver(uint256 id) public view returns (bool) {
        Bounty storage b = _bounties[id];
        bool missed = block.timestamp > b.terms.fundUntil && b.funded < b.terms.target;
        return missed || block.timestamp > b.terms.deadline;
    }

    /// @notice What `sponsor` would take back by objecting to an award.
    function partOf(uint256 id, uint256 award, address sponsor) public view returns (uint96) {
        Bounty storage b = _bounties[id];
        if (hasObjected[id][award][sponsor] || b.funded == 0) return 0;
        uint256 contestable = uint256(awards[id][award].sum) * (10_000 - b.terms.firmBps);
        return uint96(contestable * gifts[id][sponsor].amount / (uint256(b.funded) * 10_000));
    }

    function _checkTerms(Terms calldata t) private view {
        bool data = t.datanetId != 0;
        bool whole = data ? t.judge == address(0) && t.unit != 0 : t.judge != address(0) && t.unit == 0 && t.target != 0;
        bool times = block.timestamp <= t.fundUntil && t.fundUntil < t.deadline
            && t.deadline <= block.timestamp + MAX_DURATION && t.window >= MIN_WINDOW && t.window <= MAX_WINDOW;
        if (!whole || !times || t.firmBps > 10_000) revert BountyTermsInvalid();
        if (!data) return;
        (address owner,,,,,) = datanets.datanets(t.datanetId);
        if (owner == address(0)) revert BountyTermsInvalid();
    }

    function _fund(uint256 id, uint96 amount) private {
        _requireOpen();
        Bounty storage b = _requireBounty(id);
        if (block.timestamp > b.terms.fundUntil) revert BountyFundingOver(id, b.terms.fundUntil);
        if (amount == 0) revert BountyNothingToTake(id, msg.sender);
        b.funded += amount;
        b.left += amount;
        b.notRefunded += amount;
        gifts[id][msg.sender].amount += amount;
        emit BountyFunded(id, msg.sender, amount, b.funded);
        uint256 before = token.ownBalance();
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.ownBalance() - before;
        if (received != amount) revert BountyTokenNotExact(received, amount);
    }

    function _award(uint256 id, Bounty storage b, uint256 sum, address[] memory payees, bytes32[] memory subjects)
        private
        returns (uint256 award)
    {
        if (sum > b.left || sum == 0) revert BountyShort(id, b.left, sum);
        award = ++b.awards;
        b.left -= uint96(sum);
        uint40 payableAt = uint40(block.timestamp) + b.terms.window;
        awards[id][award] = Award(keccak256(abi.encode(payees)), uint96(sum), 0, payableAt, false);
        emit BountyAwarded(id, award, msg.sender, uint96(sum), payableAt, subjects);
        emit BountyPayees(id, award, payees);
    }

    /// @dev Each an equal part, the first ones a wei more; one transfer for neighbours that are the same account.
    function _divide(uint256 amount, address[] calldata payees) private {
        uint256 each = amount / payees.length;
        uint256 more = amount % payees.length;
        uint256 run;
        for (uint256 i; i < payees.length; ++i) {
            run += i < more ? each + 1 : each;
            if (i + 1 < payees.length && payees[i + 1] == payees[i]) continue;
            if (run != 0) token.safeTransfer(payees[i], run);
            run = 0;
        }
    }

    /// @dev The row's leaf, marked as awarded. A row that the registry holds as withdrawn or copied is none.
    function _takeRow(
        uint256 id,
        uint256 datanetId,
        uint256 openedAt,
        bytes32 root,
        Row calldata row,
        uint256 index
    ) private returns (bytes32 leaf) {
        leaf = datanets.leafOf(row.record);
        bool stands = MerkleProof.verifyCalldata(row.proof, root, leaf) && !datanets.isRetired(datanetId, leaf);
        if (!stands || row.record.contributedAt < openedAt) revert BountyRowInvalid(id, index);
        if (isAwarded[id][leaf]) revert BountyRowTaken(id, leaf);
        isAwarded[id][leaf] = true;
    }

    /// @dev The account itself or its recipient in the ledger; nobody's while a handle is unbound or a rotation waits.
    function _payeeOf(address account) private view returns (address payee) {
        (, payee) = ledger.accounts(account);
        if (payee == address(0) && !ledger.isHandle(account)) payee = account;
        if (payee == address(0) || payee == ledger.HELD()) revert BountyPayeeInvalid(account);
    }

    function _requireHead(uint256 id, uint256 datanetId, Snapshot calldata s) private view {
        (,,,,, bytes32 head) = datanets.datanets(datanetId);
        if (keccak256(abi.encode(s.previousHead, s.root, s.count)) != head) revert BountyHeadWrong(id);
    }

    function _requireBounty(uint256 id) private view returns (Bounty storage b) {
        b = _bounties[id];
        if (b.openedAt == 0) revert BountyUnknown(id);
    }

    function _requireAwardable(uint256 id) private view returns (Bounty storage b) {
        b = _requireBounty(id);
        Terms storage t = b.terms;
        if (block.timestamp <= t.fundUntil) revert BountyFundingOpen(id, t.fundUntil);
        if (b.funded < t.target) revert BountyTargetMissed(id, b.funded, t.target);
        if (block.timestamp > t.deadline) revert BountyOver(id, t.deadline);
    }

    function _requireAward(uint256 id, uint256 award) private view returns (Award storage a) {
        a = awards[id][award];
        if (a.payableAt == 0) revert BountyAwardUnknown(id, award);
    }
}
