// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Moves exact amounts until it is turned; then it takes one per cent of each transfer.
contract TurningOpen is ERC20 {
    bool private _turned;

    constructor(address holder) ERC20("Turning OPEN", "OPEN") {
        _mint(holder, 1e27);
    }

    function turn() external {
        _turned = true;
    }

    function _update(address from, address to, uint256 value) internal override {
        uint256 tax = _turned ? value / 100 : 0;
        if (tax != 0) super._update(from, address(0xdead), tax);
        super._update(from, to, value - tax);
    }
}
