// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {AttributionLedger} from "../../src/AttributionLedger.sol";
import {Directory} from "../../src/Directory.sol";
import {InferenceChannels} from "../../src/InferenceChannels.sol";
import {StakePools} from "../../src/StakePools.sol";
import {GuardianPause} from "../../src/lib/GuardianPause.sol";
import {LedgerTypes} from "../../src/lib/LedgerTypes.sol";
import {Std} from "./Std.sol";
import {Tree} from "./Tree.sol";

/// @dev One person earns, pays and stakes, while the guardian pauses what it can and the directory ends it. Exits that the rules
/// grant must succeed whatever is stopped, and what is new must be refused: a call that does otherwise names itself in `broken`.
contract ExitHandler is Std {
    IERC20 private immutable token;
    AttributionLedger private immutable ledger;
    InferenceChannels private immutable channels;
    StakePools private immutable pools;
    Directory private immutable directory;
    address private immutable guardian;
    bytes32 private immutable pool;
    bytes32 private immutable channel;
    address public constant PERSON = address(0xe001);
    address public constant GATEWAY = address(0xe002);
    address public constant PUBLISHER = address(0xe003);
    uint256 private constant SESSION = 0x5e55;
    bytes32 private constant RECEIPTS = keccak256("receipts");

    string public broken;
    uint32 private _lastId;
    uint32 private _disputed;
    uint128 private _signed;
    mapping(uint32 id => uint96) private _leaf;

    constructor(
        AttributionLedger ledger_,
        InferenceChannels channels_,
        StakePools pools_,
        Directory directory_,
        address guardian_,
        bytes32 pool_
    ) {
        (ledger, channels, pools, directory) = (ledger_, channels_, pools_, directory_);
        (token, guardian, pool) = (ledger_.token(), guardian_, pool_);
        channel = channels_.channelId(PERSON, GATEWAY, vm.addr(SESSION), 1 hours, "");
    }

    function pause(uint256 which) external {
        vm.prank(guardian);
        _target(which).pause();
    }

    function unpause(uint256 which) external {
        vm.prank(guardian);
        _target(which).unpause();
    }

    /// @dev One call in eight, so that most histories are long before something ends.
    function close(uint256 which, uint256 chance) external {
        GuardianPause target = _target(which);
        if (chance % 8 != 0 || target.isClosed()) return;
        directory.setSunset(address(target), block.timestamp);
        target.close();
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1 minutes, 4 days));
    }

    // -------------------------------------------------------------------------------------------- what is new

    function submit(uint96 amount) external {
        amount = uint96(bound(amount, 1, 1e21));
        (uint96 funded,,,) = ledger.totals();
        vm.prank(PUBLISHER);
        ledger.fund(amount, "");
        vm.warp(block.timestamp + 1 hours);
        uint32 head = ledger.headEpoch();
        bool stopped = _isStopped(ledger);
        vm.prank(PUBLISHER);
        uint32 id = ledger.submit(head, Tree.leaf(PERSON, funded + amount), RECEIPTS, funded + amount, "");
        if (stopped) broken = "submitted while stopped";
        (_lastId, _leaf[id]) = (id, funded + amount);
    }

    function deposit(uint96 amount) external {
        bool stopped = _isStopped(channels);
        try channels.deposit(channel, uint96(bound(amount, 1, 1e21))) {
            if (stopped) broken = "deposited while stopped";
        } catch {
            if (!stopped) broken = "deposit";
        }
    }

    function stake(uint96 amount) external {
        bool stopped = _isStopped(pools);
        try pools.stake(pool, uint96(bound(amount, 1, 1e21)), PERSON) {
            if (stopped) broken = "staked while stopped";
        } catch {
            if (!stopped) broken = "stake";
        }
    }

    // -------------------------------------------------------------------------------------------- exits

    function claimEarnings() external {
        uint32 id = ledger.claimableEpoch();
        (uint96 claimed,) = ledger.accounts(PERSON);
        if (id == 0 || _leaf[id] <= claimed) return;
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = RECEIPTS;
        try ledger.claim(id, PERSON, _leaf[id], proof) {}
        catch {
            broken = "claim of earnings";
        }
    }

    function challenge() external {
        if (_lastId == 0 || ledger.stateOf(_lastId) != LedgerTypes.State.Pending) return;
        vm.prank(GATEWAY);
        ledger.challenge(_lastId, "");
        _disputed = _lastId;
    }

    function expire() external {
        if (_disputed == 0) return;
        vm.warp(block.timestamp + 7 days);
        try ledger.expire(_disputed) {
            (_disputed, _lastId) = (0, 0);
        } catch {
            broken = "expire";
        }
    }

    function withdrawBond() external {
        if (_disputed != 0) return;
        vm.warp(block.timestamp + 1 days);
        vm.prank(PUBLISHER);
        try ledger.withdrawBond(1) {}
        catch {
            broken = "withdrawBond";
        }
    }

    function claimVouchers(uint96 more) external {
        (, uint96 balance,, uint96 claimed,,,,) = channels.channels(channel);
        if (balance == claimed) return;
        _signed = uint128(bound(more, uint256(claimed) + 1, balance));
        InferenceChannels.Row[] memory rows = new InferenceChannels.Row[](1);
        (bytes32 r, bytes32 vs) = signCompact(SESSION, channels.voucherDigest(channel, _signed));
        rows[0] = InferenceChannels.Row(channel, _signed, _signed, r, vs);
        vm.prank(GATEWAY);
        try channels.claim(GATEWAY, rows) {}
        catch {
            broken = "claim of vouchers";
        }
        try channels.settle(GATEWAY) {}
        catch {
            broken = "settle";
        }
    }

    function leaveChannel(uint96 amount) external {
        (, uint96 balance,, uint96 claimed,,,,) = channels.channels(channel);
        if (balance == claimed) return;
        amount = uint96(bound(amount, 1, balance - claimed));
        vm.prank(PERSON);
        try channels.requestWithdraw(channel, amount) {}
        catch {
            broken = "requestWithdraw";
        }
        vm.warp(block.timestamp + 1 hours);
        try channels.withdraw(channel) {}
        catch {
            broken = "withdraw from the channel";
        }
    }

    function refund() external {
        (, uint96 balance,, uint96 claimed,,,,) = channels.channels(channel);
        vm.prank(GATEWAY);
        try channels.refund(channel, (balance - claimed) / 2) {}
        catch {
            broken = "refund";
        }
    }

    function unstake(uint128 shares) external {
        (uint128 have,,) = pools.positions(pool, PERSON);
        if (have == 0) return;
        vm.prank(PERSON);
        try pools.unbond(pool, uint128(bound(shares, 1, have))) {}
        catch {
            broken = "unbond";
        }
    }

    function withdrawStake() external {
        (uint128 shares,,) = pools.unbonds(pool, PERSON);
        uint256 readyAt = pools.withdrawableAt(pool, PERSON);
        if (shares == 0) return;
        if (block.timestamp < readyAt) vm.warp(readyAt);
        try pools.withdraw(pool, PERSON) {}
        catch {
            broken = "withdraw of stake";
        }
    }

    function harvest() external {
        if (pools.rewardOf(pool, PERSON) == 0) return;
        try pools.harvest(pool, PERSON) {}
        catch {
            broken = "harvest";
        }
    }

    function _target(uint256 which) private view returns (GuardianPause) {
        if (which % 3 == 0) return ledger;
        return which % 3 == 1 ? GuardianPause(channels) : GuardianPause(pools);
    }

    function _isStopped(GuardianPause target) private view returns (bool) {
        return target.isClosed() || block.timestamp < target.pausedUntil();
    }
}
