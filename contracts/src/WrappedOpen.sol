// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title WrappedOpen: WOPEN, native OPEN as a token
/// @notice
/// PURPOSE      On chains 1612 and 161201 OPEN is the coin that pays for gas. Wrapped here, one for one, it is the token that
///              every other contract takes. Deployed only where the chain file names no WOPEN that exists already.
/// TRUST        Nobody: there is no owner and no other way in or out.
/// UNITS        18 decimals, 1 WOPEN = 1 native OPEN.
/// ROUNDING     None.
/// ASSUMPTIONS  None about callers. Coins forced in (selfdestruct, block rewards) are nobody's and stay.
/// CANNOT HAPPEN  totalSupply() exceeds the coins held here; a transfer moves more or less than its amount.
contract WrappedOpen is ERC20 {
    event Deposit(address indexed to, uint256 amount);
    event Withdrawal(address indexed from, uint256 amount);

    constructor() ERC20("Wrapped OPEN", "WOPEN") {}

    receive() external payable {
        deposit();
    }

    /// @notice Wraps the coins sent along, for the caller.
    function deposit() public payable {
        _mint(msg.sender, msg.value);
        emit Deposit(msg.sender, msg.value);
    }

    /// @notice Unwraps `amount` of the caller's. All gas is passed on, so that a smart account can receive.
    function withdraw(uint256 amount) external {
        _burn(msg.sender, amount);
        emit Withdrawal(msg.sender, amount);
        Address.sendValue(payable(msg.sender), amount);
    }
}
