// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariant 6, by induction over any number of calls by anyone
/// @notice One channel of InferenceChannels in full and all others as one sum: each function takes any state in which the
/// invariant holds, acts, and must leave one. `signed` is the most that the session key ever signed; a claim may bring any voucher
/// up to it. `tokens` is what the contract holds.
contract ChannelMoney {
    function begin() external pure {
        assert(_holds(0, 0, 0, 0, 0, 0));
    }

    function deposit(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        require(amount <= 1e27 - tokens);
        tokens += amount;
        balance += amount;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function depositElsewhere(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        require(amount <= 1e27 - tokens);
        tokens += amount;
        others += amount;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function claimElsewhere(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        require(amount <= others);
        others -= amount;
        due += amount;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function leaveElsewhere(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        require(amount <= others);
        others -= amount;
        tokens -= amount;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function sign(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 max) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        if (max > signed) signed = max;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function claim(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 max, uint256 total) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        require(max <= signed && total <= max);
        if (total > balance) total = balance;
        if (total <= claimed) return;
        due += total - claimed;
        claimed = total;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function settle(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        tokens -= due;
        due = 0;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    /// @dev Whatever was requested, and whatever was claimed since.
    function withdraw(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 withdrawing) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        uint256 free = balance - claimed;
        uint256 amount = withdrawing > free ? free : withdrawing;
        balance -= amount;
        tokens -= amount;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function refund(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others, uint256 amount) external pure {
        require(_holds(tokens, due, balance, claimed, signed, others));
        require(amount <= balance - claimed);
        balance -= amount;
        tokens -= amount;
        assert(_holds(tokens, due, balance, claimed, signed, others));
    }

    function _holds(uint256 tokens, uint256 due, uint256 balance, uint256 claimed, uint256 signed, uint256 others) private pure returns (bool) {
        return claimed <= balance && claimed <= signed && balance - claimed + others + due == tokens && tokens <= 1e27;
    }
}
