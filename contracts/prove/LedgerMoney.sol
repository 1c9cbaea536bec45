// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariants 1 and 2, for any number of calls by anyone
/// @notice AttributionLedger's money, without trees, signatures and clocks: which epochs are active is left to an adversary,
/// who may activate any total that `submit` would have taken, and bring any leaf at all. `balance` is the token's own record
/// of this ledger; `gifts` is what was sent to it outside the ledger's functions.
contract LedgerMoney {
    uint256 private constant SUPPLY = 1e27;

    uint256 private balance;
    uint256 private gifts;
    uint256 private funded;
    uint256 private bonds;
    uint256 private claimed;
    uint256 private activeTotal;
    uint256 private headTotal;
    uint256 private reserve;

    function fund(uint256 amount) external {
        _receive(amount);
        funded += amount;
        reserve += amount;
    }

    function gift(uint256 amount) external {
        _receive(amount);
        gifts += amount;
    }

    /// @dev postBond, and the bond of a challenge.
    function postBond(uint256 amount) external {
        _receive(amount);
        bonds += amount;
        reserve += amount;
    }

    /// @dev withdrawBond, and the half of a slash that leaves to the treasury. The other half stays a bond.
    function withdrawBond(uint256 amount) external {
        require(amount <= bonds);
        bonds -= amount;
        reserve -= amount;
        balance -= amount;
    }

    function submit(uint256 total) external {
        require(total >= headTotal && total <= funded);
        headTotal = total;
    }

    /// @dev Revoked epochs take their totals with them, but never below what is active.
    function revoke(uint256 total) external {
        require(total >= activeTotal && total <= headTotal);
        headTotal = total;
    }

    /// @dev A claim against a newer active epoch moves the mark.
    function activate(uint256 total) external {
        require(total >= activeTotal && total <= headTotal);
        reserve -= total - activeTotal;
        activeTotal = total;
    }

    /// @dev Any leaf: that accounts are not paid twice is invariant 3, and no part of this argument.
    function claim(uint256 amount) external {
        require(amount <= balance);
        balance -= amount;
        claimed += amount;
        require(balance >= reserve);
    }

    function invariants() external view {
        assert(balance + claimed == funded + bonds + gifts); // 1, to the wei
        assert(claimed <= activeTotal + gifts); // 2, gifts being nobody's
        assert(activeTotal <= headTotal);
        assert(headTotal <= funded);
        assert(balance >= bonds); // what publishers and challengers can always take back
    }

    function _receive(uint256 amount) private {
        require(amount <= SUPPLY - balance);
        balance += amount;
    }
}
