// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Like the real OPEN: no permit, no votes.
contract PlainOpen is ERC20 {
    constructor(address holder) ERC20("Plain OPEN", "OPEN") {
        _mint(holder, 1e27);
    }
}

/// @dev Takes one per cent of each transfer: must be refused by everything that counts money.
contract TaxedOpen is ERC20 {
    constructor(address holder) ERC20("Taxed OPEN", "OPEN") {
        _mint(holder, 1e27);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0)) return super._update(from, to, value);
        uint256 tax = value / 100;
        super._update(from, address(0xdead), tax);
        super._update(from, to, value - tax);
    }
}

/// @dev Like an ERC-777: runs a prepared call in the middle of a transfer, before and after balances move.
contract HostileOpen is ERC20 {
    struct Plan {
        address target;
        bytes data;
        bool before;
    }

    Plan private _plan;
    bool public attempted;
    bool public succeeded;
    bytes public result;

    constructor(address holder) ERC20("Hostile OPEN", "OPEN") {
        _mint(holder, 1e27);
    }

    function arm(address target, bytes calldata data, bool before) external {
        _plan = Plan(target, data, before);
        attempted = false;
        succeeded = false;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (_plan.before) _strike();
        super._update(from, to, value);
        if (!_plan.before) _strike();
    }

    function _strike() private {
        address target = _plan.target;
        if (target == address(0)) return;
        bytes memory data = _plan.data;
        delete _plan;
        attempted = true;
        (succeeded, result) = target.call(data);
    }
}

/// @dev A later Params that forgot its bounds.
contract BoundlessParams {
    function valueOf(bytes32) external pure returns (uint256) {
        return 9_999;
    }
}
