// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Bounties hold what they owe, by induction over any number of calls by anyone
/// @notice One bounty of Bounties with one of its awards in full; its other awards and all other bounties as one sum, `others`. `left` is
/// what is neither awarded nor refunded; `sum` is 0 while the award is not made or is paid. That the sponsors' parts of an award
/// together stay within it, and a refund within what is left, follows from rounding down and is for the fuzz tests: here any part in
/// that bound is allowed. `tokens` is what the contract holds.
contract BountyMoney {
    function begin() external pure {
        assert(_holds(0, 0, 0, 0, 0));
    }

    function fund(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, left, sum, objected, others));
        require(amount <= 1e27 - tokens);
        tokens += amount;
        left += amount;
        assert(_holds(tokens, left, sum, objected, others));
    }

    function award(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, left, sum, objected, others));
        require(sum == 0 && objected == 0);
        require(amount <= left);
        left -= amount;
        sum = amount;
        assert(_holds(tokens, left, sum, objected, others));
    }

    function object(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others, uint256 part) external pure {
        require(_holds(tokens, left, sum, objected, others));
        require(part <= sum - objected);
        objected += part;
        tokens -= part;
        assert(_holds(tokens, left, sum, objected, others));
    }

    function pay(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others) external pure {
        require(_holds(tokens, left, sum, objected, others));
        uint256 amount = sum - objected;
        sum = 0;
        objected = 0;
        tokens -= amount;
        assert(_holds(tokens, left, sum, objected, others));
    }

    function refund(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, left, sum, objected, others));
        require(amount <= left);
        left -= amount;
        tokens -= amount;
        assert(_holds(tokens, left, sum, objected, others));
    }

    function giveElsewhere(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, left, sum, objected, others));
        require(amount <= 1e27 - tokens);
        tokens += amount;
        others += amount;
        assert(_holds(tokens, left, sum, objected, others));
    }

    function takeElsewhere(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, left, sum, objected, others));
        require(amount <= others);
        others -= amount;
        tokens -= amount;
        assert(_holds(tokens, left, sum, objected, others));
    }

    /// @dev Another award of the same bounty.
    function awardElsewhere(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, left, sum, objected, others));
        require(amount <= left);
        left -= amount;
        others += amount;
        assert(_holds(tokens, left, sum, objected, others));
    }

    function _holds(uint256 tokens, uint256 left, uint256 sum, uint256 objected, uint256 others) private pure returns (bool) {
        return objected <= sum && left + (sum - objected) + others == tokens && tokens <= 1e27;
    }
}
