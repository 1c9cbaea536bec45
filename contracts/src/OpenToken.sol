// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title OpenToken: OPEN for devnets
/// @notice
/// PURPOSE      The unit of account where no OPEN exists yet (chain 31337). Public chains configure their own OPEN
///              (WOPEN on 1612), which has neither permit nor votes; no core contract may require either.
/// TRUST        Nobody: there is no owner and no minter. `holder` receives the whole supply once.
/// UNITS        18 decimals; amounts in wei of OPEN.
/// ROUNDING     None.
/// PAYMENTS     EIP-2612 permits, and EIP-3009 transfers by signature with random nonces, which is what x402's `exact` scheme
///              signs. (OpenZeppelin's ERC20TransferAuthorization wants keyed sequential nonces, which such clients do not send.)
/// ASSUMPTIONS  The supply of 1e27 wei fits uint96 (7.9e28), which the other contracts use for amounts.
/// CANNOT HAPPEN  The supply never rises above 1e27; a transfer never moves more or less than its amount.
contract OpenToken is ERC20, ERC20Burnable, ERC20Permit, ERC3009, ERC20Votes {
    uint256 public constant SUPPLY = 1e9 ether;

    constructor(address holder) ERC20("OpenLedger", "OPEN") ERC20Permit("OpenLedger") {
        _mint(holder, SUPPLY);
    }

    /// @dev Votes are counted by timestamp (ERC-6372), so that they mean the same on chains with other block times.
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
