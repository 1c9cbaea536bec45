// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Faucet: free OPEN on a devnet
/// @notice
/// PURPOSE      Gives each address a fixed amount once per day, so that a new user can pay for a first question.
/// TRUST        Nobody: it has no owner; what is sent in can only leave by `drip`.
/// UNITS        Wei of the token; days of 86,400 seconds of block time.
/// ROUNDING     None.
/// ASSUMPTIONS  A devnet: addresses are free, so the limit per address is a courtesy and no defence.
/// CANNOT HAPPEN  One address is never served twice within a day.
contract Faucet {
    using SafeERC20 for IERC20;

    error FaucetTooEarly(uint256 nextAt);
    error FaucetEmpty(uint256 balance);

    event Dripped(address indexed to, uint256 amount, address indexed by);

    uint256 public constant AMOUNT = 1_000 ether;
    uint256 public constant PERIOD = 1 days;
    IERC20 public immutable token;

    /// @notice Block time from which `to` may be served again; 0 for an address never served.
    mapping(address to => uint256) public nextDripAt;

    constructor(IERC20 token_) {
        token = token_;
    }

    /// @notice Sends 1,000 OPEN to `to`. Anyone may call, so that a server can pay the gas of a new user.
    function drip(address to) external {
        if (block.timestamp < nextDripAt[to]) revert FaucetTooEarly(nextDripAt[to]);
        uint256 balance = token.balanceOf(address(this));
        if (balance < AMOUNT) revert FaucetEmpty(balance);
        nextDripAt[to] = block.timestamp + PERIOD;
        emit Dripped(to, AMOUNT, msg.sender);
        token.safeTransfer(to, AMOUNT);
    }
}
