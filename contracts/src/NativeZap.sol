// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {GovernanceOpen} from "./GovernanceOpen.sol";
import {WrappedOpen} from "./WrappedOpen.sol";

interface IZapChannels {
    function openFor(address payer, address receiver, address signer, uint40 delay, bytes32 salt, uint96 amount)
        external
        returns (bytes32 id);
    function deposit(bytes32 id, uint96 amount) external;
}

interface IZapPools {
    function stake(bytes32 pool, uint96 amount, address to) external;
}

interface IZapLedger {
    function fund(uint96 amount, bytes32 ref) external;
}

/// @title NativeZap: pay with native OPEN in one transaction
/// @notice
/// PURPOSE      Wraps the coins that come along and passes them on at once: into a channel, a stake pool, the ledger, or GOPEN.
/// TRUST        Nobody: no owner, no storage, no allowance that outlives a call. Where the money goes is fixed for ever.
/// UNITS        Wei of native OPEN; what came along is what is paid.
/// ROUNDING     None.
/// ASSUMPTIONS  WOPEN wraps one for one, also where it is not ours (WETH9's interface is enough).
/// CANNOT HAPPEN  A wei stays here after a call: what a target did not take goes back to the caller as coins, and so does what
///              somebody sent here by mistake. Somebody else becomes the owner of what the caller paid for.
contract NativeZap {
    error ZapNothingSent();
    error ZapOnlyFromWrapper(address from);

    WrappedOpen public immutable wrapper;
    IZapChannels public immutable channels;
    IZapPools public immutable pools;
    IZapLedger public immutable ledger;
    GovernanceOpen public immutable votes;

    constructor(
        WrappedOpen wrapper_,
        IZapChannels channels_,
        IZapPools pools_,
        IZapLedger ledger_,
        GovernanceOpen votes_
    ) {
        wrapper = wrapper_;
        channels = channels_;
        pools = pools_;
        ledger = ledger_;
        votes = votes_;
    }

    receive() external payable {
        if (msg.sender != address(wrapper)) revert ZapOnlyFromWrapper(msg.sender);
    }

    /// @notice Opens a channel of which the caller is the payer. `signer` 0 means the caller itself.
    function openChannel(address receiver, address signer, uint40 delay, bytes32 salt)
        external
        payable
        returns (bytes32 id)
    {
        uint96 amount = _wrapFor(address(channels));
        id = channels.openFor(msg.sender, receiver, signer, delay, salt, amount);
        _giveBack(address(channels));
    }

    /// @notice Adds to a channel, anyone's.
    function depositChannel(bytes32 id) external payable {
        channels.deposit(id, _wrapFor(address(channels)));
        _giveBack(address(channels));
    }

    /// @notice Stakes for the caller.
    function stake(bytes32 pool) external payable {
        pools.stake(pool, _wrapFor(address(pools)), msg.sender);
        _giveBack(address(pools));
    }

    /// @notice Adds money that future epochs may distribute.
    function fund(bytes32 ref) external payable {
        ledger.fund(_wrapFor(address(ledger)), ref);
        _giveBack(address(ledger));
    }

    /// @notice Gives the caller GOPEN. It delegates in a transaction of its own: nobody can delegate for another.
    function wrapVotes() external payable {
        votes.depositFor(msg.sender, _wrapFor(address(votes)));
        _giveBack(address(votes));
    }

    function _wrapFor(address target) private returns (uint96 amount) {
        if (msg.value == 0) revert ZapNothingSent();
        amount = SafeCast.toUint96(msg.value);
        wrapper.deposit{value: msg.value}();
        wrapper.approve(target, amount);
    }

    /// @dev A target that takes less leaves an allowance, which ends here too.
    function _giveBack(address target) private {
        uint256 rest = wrapper.balanceOf(address(this));
        if (rest != 0) {
            wrapper.approve(target, 0);
            wrapper.withdraw(rest);
        }
        if (address(this).balance != 0) Address.sendValue(payable(msg.sender), address(this).balance);
    }
}
