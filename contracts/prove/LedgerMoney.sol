// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariants 1 and 2, by induction over any number of calls by anyone
/// @notice AttributionLedger's money without trees, signatures and clocks: each function takes any state in which the invariants
/// hold, acts, and must leave one. Which epochs are active is left to an adversary, who activates any total that `submit` would
/// have taken and brings any leaf at all. `balance` is the token's own record of this ledger, `gifts` what was sent to it
/// outside its functions, `head` the newest live epoch's total. (Values instead of structs: solc's checker forgets those.)
contract LedgerMoney {
    function begin() external pure {
        assert(_holds(0, 0, 0, 0, 0, 0, 0, 0));
    }

    function fund(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 amount) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(funded + amount <= 1e27 && amount <= 1e27); // the token's supply
        balance += amount;
        funded += amount;
        reserve += amount;
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    function gift(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 amount) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(gifts + amount <= 1e27 && amount <= 1e27);
        balance += amount;
        gifts += amount;
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    /// @dev postBond, and the bond of a challenge.
    function postBond(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 amount) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(bonds + amount <= 1e27 && amount <= 1e27);
        balance += amount;
        bonds += amount;
        reserve += amount;
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    /// @dev withdrawBond, and the half of a slash that leaves to the treasury. The other half stays a bond.
    function withdrawBond(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 amount) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(amount <= bonds);
        bonds -= amount;
        reserve -= amount;
        balance -= amount;
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    function submit(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 total) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(total >= head && total <= funded);
        head = total;
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    /// @dev Revoked epochs take their totals with them, but never below what is active.
    function revoke(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 total) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(total >= active && total <= head);
        head = total;
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    /// @dev A claim against a newer active epoch moves the mark.
    function activate(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 total) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(total >= active && total <= head);
        reserve -= total - active;
        active = total;
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    /// @dev Any leaf: that accounts are not paid twice is invariant 3, and no part of this argument.
    function claim(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve, uint256 amount) external pure {
        require(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
        require(amount <= balance);
        balance -= amount;
        claimed += amount;
        require(balance >= reserve);
        assert(_holds(balance, gifts, funded, bonds, claimed, active, head, reserve));
    }

    function _holds(uint256 balance, uint256 gifts, uint256 funded, uint256 bonds, uint256 claimed, uint256 active, uint256 head, uint256 reserve) private pure returns (bool) {
        return balance + claimed == funded + bonds + gifts // 1, to the wei
            && claimed <= active + gifts // 2, gifts being nobody's
            && active <= head && head <= funded // 2
            && reserve + active == funded + bonds && funded <= 1e27 && bonds <= 1e27 && gifts <= 1e27;
    }
}
