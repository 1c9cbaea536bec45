// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariant 8, by induction over any number of calls by anyone
/// @notice One pool of StakePools: each function takes any state in which the invariant holds, acts, and must leave one. Its
/// shares stand as what they are worth together, and every rounding is chosen by an adversary within what PoolRounding
/// proves of it. As `worth` is always there, all stakers, staked or unbonding, can leave in any order. `owed` is what is
/// booked to positions or still to be booked from `acc`. (Values instead of structs: solc's checker forgets those.)
contract PoolMoney {
    function begin() external pure {
        assert(_holds(0, 0, 0, 0, 0));
    }

    /// @dev Shares are rounded down: they are worth at most what was paid.
    function stake(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle, uint256 amount, uint256 rounding) external pure {
        _assume(tokens, worth, owed, unstreamed, idle);
        require(amount <= 1e27 && rounding <= amount);
        tokens += amount;
        worth += amount - rounding;
        assert(_holds(tokens, worth, owed, unstreamed, idle));
    }

    /// @dev Withdrawing pays at most by what the worth of the rest falls; a slash rounds up what is left.
    function take(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle, uint256 fall, uint256 rounding) external pure {
        _assume(tokens, worth, owed, unstreamed, idle);
        require(fall <= worth && rounding <= fall);
        worth -= fall;
        tokens -= fall - rounding;
        assert(_holds(tokens, worth, owed, unstreamed, idle));
    }

    /// @dev The rate is rounded down.
    function reward(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle, uint256 amount, uint256 rounding) external pure {
        _assume(tokens, worth, owed, unstreamed, idle);
        require(amount <= 1e27 && rounding <= amount);
        tokens += amount;
        unstreamed += amount + idle - rounding;
        idle = 0;
        assert(_holds(tokens, worth, owed, unstreamed, idle));
    }

    /// @dev Time passes: with shares the stream is owed, without them it is kept.
    function stream(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle, uint256 amount, uint256 rounding, bool staked) external pure {
        _assume(tokens, worth, owed, unstreamed, idle);
        require(amount <= unstreamed && rounding <= amount);
        unstreamed -= amount;
        if (staked) owed += amount - rounding;
        else idle += amount - rounding;
        assert(_holds(tokens, worth, owed, unstreamed, idle));
    }

    function harvest(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle, uint256 amount) external pure {
        _assume(tokens, worth, owed, unstreamed, idle);
        require(amount <= owed);
        owed -= amount;
        tokens -= amount;
        assert(_holds(tokens, worth, owed, unstreamed, idle));
    }

    function sweep(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle) external pure {
        _assume(tokens, worth, owed, unstreamed, idle);
        tokens -= idle + unstreamed;
        idle = 0;
        unstreamed = 0;
        assert(_holds(tokens, worth, owed, unstreamed, idle));
    }

    function _assume(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle) private pure {
        require(tokens <= 1e27 && _holds(tokens, worth, owed, unstreamed, idle));
    }

    function _holds(uint256 tokens, uint256 worth, uint256 owed, uint256 unstreamed, uint256 idle)
        private
        pure
        returns (bool)
    {
        return worth + owed + unstreamed + idle <= tokens;
    }
}

/// @title The roundings that PoolMoney leaves to an adversary
/// @notice Written as StakePools computes them; a share is worth index / RAY wei.
contract PoolRounding {
    uint256 private constant RAY = 1e27;

    /// @dev Staking: the worth of all rises by at most what was paid.
    function staked(uint256 before, uint256 amount, uint256 index) external pure {
        require(index > 0 && index <= RAY && amount <= 1e27 && before <= 1e33);
        uint256 shares = amount * RAY / index;
        assert(shares * index <= amount * RAY);
    }

    /// @dev Leaving: what is paid is at most what the worth of the rest falls by.
    function left(uint256 rest, uint256 shares, uint256 index) external pure {
        require(index <= RAY && rest <= 1e33 && shares <= 1e33);
        assert(shares * index / RAY + rest * index / RAY <= (rest + shares) * index / RAY);
    }
}
