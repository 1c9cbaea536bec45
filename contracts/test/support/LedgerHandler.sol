// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {LedgerTypes} from "../../src/lib/LedgerTypes.sol";
import {AttributionLedger} from "../../src/AttributionLedger.sol";
import {Std} from "./Std.sol";
import {Tree} from "./Tree.sol";

/// @dev Random life of a ledger with four earners, two publishers (one of whom lies), two challengers, the court and
/// the guardian. Ghosts record what each epoch said, what was paid, and whether anything impossible succeeded.
contract LedgerHandler is Std {
    IERC20 private immutable token;
    AttributionLedger private immutable ledger;
    address private immutable court;
    address private immutable guardian;
    bytes32 private constant RECEIPTS = keccak256("receipts");

    mapping(uint32 id => uint96[4]) private _leaves;
    mapping(uint32 id => uint96) public totalOf;
    mapping(uint32 id => bool) public wasActive;
    mapping(address account => uint256) public paid;
    uint96[4] private _honest;
    uint32 public lastId;
    bool public claimedInactive;
    bool public overpaid;
    bool public bondLeftUnderDispute;
    uint256 public claims;
    uint256 public revocations;

    constructor(IERC20 token_, AttributionLedger ledger_, address court_, address guardian_) {
        (token, ledger, court, guardian) = (token_, ledger_, court_, guardian_);
    }

    function earner(uint256 i) public pure returns (address) {
        return address(uint160(0xe000 + i % 4));
    }

    /// @dev 0, 1 publish; 2, 3 challenge. All four hold bonds.
    function bonded(uint256 i) public pure returns (address) {
        return address(uint160(0xb000 + i % 4));
    }

    modifier observed() {
        _;
        for (uint32 id = 1; id <= lastId; ++id) {
            if (ledger.stateOf(id) == LedgerTypes.State.Active) wasActive[id] = true;
        }
    }

    function fund(uint96 amount) external observed {
        vm.prank(bonded(0));
        ledger.fund(uint96(bound(amount, 0, 1e21)), "");
    }

    /// @dev Distributes all that is funded, every cumulative growing or equal.
    function submitHonest(uint256 seed) public observed {
        (uint96 funded,,,) = ledger.totals();
        uint96[4] memory leaves = _base();
        uint96 sum = leaves[0] + leaves[1] + leaves[2] + leaves[3];
        if (sum > funded) return;
        uint96 rest = funded - sum;
        for (uint256 i; i < 3; ++i) {
            uint96 part = uint96(uint256(keccak256(abi.encode(seed, i))) % (uint256(rest) + 1));
            leaves[i] += part;
            rest -= part;
        }
        leaves[3] += rest;
        _submit(bonded(seed), leaves, funded);
    }

    /// @dev Lies: leaves that sum to more than the total, or that fall below an earlier epoch's.
    function submitLie(uint256 seed, uint96[4] memory leaves, uint96 total) external observed {
        (uint96 funded,,,) = ledger.totals();
        for (uint256 i; i < 4; ++i) leaves[i] = uint96(bound(leaves[i], 0, 2e21));
        uint96 least = totalOf[ledger.headEpoch()];
        _submit(bonded(seed), leaves, uint96(bound(total, least, funded)));
    }

    function warp(uint256 seconds_) external observed {
        vm.warp(block.timestamp + bound(seconds_, 1, 12 hours));
    }

    function challenge(uint256 seed, uint32 id) public observed {
        vm.prank(bonded(2 + seed % 2));
        ledger.challenge(_pick(id), "");
    }

    function resolve(uint32 id, bool upheld) public observed {
        vm.prank(court);
        ledger.resolve(_pick(id), upheld);
        if (upheld) ++revocations;
    }

    function expire(uint32 id) external observed {
        ledger.expire(_pick(id));
        ++revocations;
    }

    function veto(uint32 id) external observed {
        vm.prank(guardian);
        ledger.veto(_pick(id));
        ++revocations;
    }

    function conflict(uint32 a, uint32 b, uint256 who) external observed {
        (a, b) = (_pick(a), _pick(b));
        who = who % 4;
        vm.prank(bonded(3));
        ledger.proveConflict(a, b, earner(who), _leaves[a][who], proof(a, who), _leaves[b][who], proof(b, who));
        ++revocations;
    }

    function claim(uint32 id, uint256 who) public observed {
        id = _pick(id);
        who = who % 4;
        LedgerTypes.State state = ledger.stateOf(id);
        uint256 before = token.balanceOf(earner(who));
        ledger.claim(id, earner(who), _leaves[id][who], proof(id, who));
        uint256 got = token.balanceOf(earner(who)) - before;
        paid[earner(who)] += got;
        if (state != LedgerTypes.State.Active) claimedInactive = true;
        if (paid[earner(who)] > _leaves[id][who]) overpaid = true;
        ++claims;
    }

    function claimAll(uint32 id) public observed {
        id = _pick(id);
        LedgerTypes.Claim[] memory rows = new LedgerTypes.Claim[](5);
        for (uint256 i; i < 5; ++i) {
            rows[i] = LedgerTypes.Claim(id, earner(i), _leaves[id][i % 4], proof(id, i % 4));
        }
        uint256[4] memory before;
        for (uint256 i; i < 4; ++i) before[i] = token.balanceOf(earner(i));
        ledger.claimMany(rows);
        for (uint256 i; i < 4; ++i) paid[earner(i)] += token.balanceOf(earner(i)) - before[i];
        ++claims;
    }

    function postBond(uint256 seed, uint96 amount) external observed {
        vm.prank(bonded(seed));
        ledger.postBond(uint96(bound(amount, 0, 2e19)));
    }

    function withdrawBond(uint256 seed, uint96 amount) external observed {
        (uint96 bond, uint32 index) = ledger.bonds(bonded(seed));
        bool pending = _hasPending(index);
        vm.prank(bonded(seed));
        ledger.withdrawBond(uint96(bound(amount, 0, bond)));
        if (pending) bondLeftUnderDispute = true;
    }

    /// @dev Looks at every epoch, unlike the ledger, which stops at the first active one.
    function _hasPending(uint32 index) private view returns (bool) {
        for (uint32 id = 1; id <= lastId; ++id) {
            (,,,,, uint32 publisher,,) = ledger.epochs(id);
            LedgerTypes.State state = ledger.stateOf(id);
            bool open = state == LedgerTypes.State.Pending || state == LedgerTypes.State.Frozen;
            if (open && publisher == index) return true;
        }
        return false;
    }

    /// @dev Deep states on purpose: a whole period, from money to claims.
    function cycle(uint256 seed, uint96 amount) external observed {
        vm.prank(bonded(0));
        ledger.fund(uint96(bound(amount, 1, 1e21)), "");
        vm.warp(block.timestamp + 1 hours);
        submitHonest(seed);
        vm.warp(block.timestamp + 1 days);
        claimAll(lastId);
    }

    /// @dev Deep states on purpose: two disputes at once, decided either way and in either order.
    function dispute2(uint256 seed, bool firstUpheld, bool secondUpheld, bool swap) external observed {
        vm.warp(block.timestamp + 1 hours);
        submitHonest(seed);
        uint32 low = lastId;
        vm.warp(block.timestamp + 1 hours);
        submitHonest(seed >> 1);
        uint32 high = lastId;
        if (low == high) return;
        vm.startPrank(bonded(2));
        ledger.challenge(swap ? high : low, "");
        ledger.challenge(swap ? low : high, "");
        vm.stopPrank();
        vm.warp(block.timestamp + seed % 2 days);
        bool lowFirst = seed % 3 == 0;
        vm.prank(court);
        ledger.resolve(lowFirst ? low : high, firstUpheld);
        vm.prank(court);
        // Gone with its predecessor when that was upheld first.
        try ledger.resolve(lowFirst ? high : low, secondUpheld) {} catch {}
    }

    /// @dev Deep states on purpose: a leaf that falls, proven at once while another dispute may be open above it.
    function lieAndProve(uint256 seed, bool disputed) external observed {
        uint32 honest = ledger.headEpoch();
        uint96[4] memory leaves = _leaves[honest];
        uint256 who = seed % 4;
        if (honest == 0 || leaves[who] == 0) return;
        leaves[who] -= 1;
        vm.warp(block.timestamp + 1 hours);
        _submit(bonded(seed >> 2), leaves, totalOf[honest]);
        uint32 lie = lastId;
        if (disputed) {
            vm.prank(bonded(2));
            ledger.challenge(lie, "");
        }
        bytes32[] memory before = proof(honest, who);
        bytes32[] memory later = proof(lie, who);
        vm.prank(bonded(3));
        ledger.proveConflict(honest, lie, earner(who), leaves[who] + 1, before, leaves[who], later);
        ++revocations;
    }

    /// @dev Deep states on purpose: a dispute that the court forgets, with epochs below it becoming active meanwhile.
    function forget(uint256 seed) external observed {
        vm.warp(block.timestamp + 1 hours);
        submitHonest(seed);
        uint32 id = lastId;
        vm.warp(block.timestamp + 1 hours);
        submitHonest(seed >> 1);
        challenge(0, 2 * (lastId - id));
        vm.warp(block.timestamp + 7 days);
        ledger.expire(id);
        ++revocations;
    }

    function proof(uint32 id, uint256 who) public view returns (bytes32[] memory) {
        return Tree.proof(_nodes(_leaves[id]), who, RECEIPTS);
    }

    function leafOf(uint32 id, uint256 who) external view returns (uint96) {
        return _leaves[id][who];
    }

    function _submit(address publisher, uint96[4] memory leaves, uint96 total) private {
        uint32 head = ledger.headEpoch();
        bytes32 root = _nodes(leaves)[0];
        vm.prank(publisher);
        uint32 id = ledger.submit(head, root, RECEIPTS, total, "");
        require(id == lastId + 1, "ids are never reused");
        lastId = id;
        _leaves[id] = leaves;
        totalOf[id] = total;
    }

    /// @dev An honest publisher starts from the head, or from what was paid where the head lies.
    function _base() private view returns (uint96[4] memory leaves) {
        leaves = _leaves[ledger.headEpoch()];
        for (uint256 i; i < 4; ++i) {
            (uint96 claimed,) = ledger.accounts(earner(i));
            if (claimed > leaves[i]) leaves[i] = claimed;
        }
    }

    function _nodes(uint96[4] memory leaves) private pure returns (bytes32[] memory) {
        bytes32[] memory hashes = new bytes32[](4);
        for (uint256 i; i < 4; ++i) hashes[i] = Tree.leaf(earner(i), leaves[i]);
        return Tree.build(hashes);
    }

    /// @dev Mostly recent epochs: old ones are active and boring.
    function _pick(uint32 seed) private view returns (uint32) {
        if (lastId == 0) return 0;
        uint32 range = seed % 2 == 0 && lastId > 5 ? 5 : lastId;
        return lastId - seed / 2 % range;
    }
}
