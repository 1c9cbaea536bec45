// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {ERC20Wrapper} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Wrapper.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title GovernanceOpen: GOPEN, voting power for an OPEN that has none
/// @notice
/// PURPOSE      The real OPEN and WOPEN have no votes. One OPEN wrapped here is one GOPEN; a holder who delegated (to
///              itself or another) has that many votes. Unwrapping is possible at any time.
/// TRUST        Nobody: there is no owner, no minter beyond wrapping, no pause.
/// UNITS        18 decimals, 1 GOPEN = 1 OPEN. Votes are counted by timestamp (ERC-6372).
/// ROUNDING     None.
/// ASSUMPTIONS  OPEN never rebases downwards. What is sent here without wrapping is lost to the sender.
/// CANNOT HAPPEN  totalSupply() exceeds the OPEN held here, also with a token that takes a fee on transfer; votes of the past
///              change by wrapping, unwrapping or transferring now, so borrowed OPEN cannot vote on what is decided already.
contract GovernanceOpen is ERC20, ERC20Permit, ERC20Votes, ERC20Wrapper {
    error GovernanceOpenTokenNotExact(uint256 received, uint256 expected);

    constructor(IERC20 open) ERC20("Governance OPEN", "GOPEN") ERC20Permit("Governance OPEN") ERC20Wrapper(open) {}

    /// @notice Takes `value` OPEN of the caller, which it approved, and gives `account` as many GOPEN.
    function depositFor(address account, uint256 value) public override returns (bool) {
        uint256 before = underlying().balanceOf(address(this));
        super.depositFor(account, value);
        uint256 received = underlying().balanceOf(address(this)) - before;
        if (received != value) revert GovernanceOpenTokenNotExact(received, value);
        return true;
    }

    /// @notice Wraps `value` for the caller and delegates all its votes: from nothing to voting in one transaction.
    function wrapAndDelegate(uint256 value, address delegatee) external {
        depositFor(msg.sender, value);
        _delegate(msg.sender, delegatee);
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function decimals() public view override(ERC20, ERC20Wrapper) returns (uint8) {
        return super.decimals();
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
