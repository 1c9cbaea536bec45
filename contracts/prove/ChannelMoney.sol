// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Invariant 6, for any number of calls by anyone
/// @notice One channel of InferenceChannels in full and all others as one sum, which is what a single channel cannot tell
/// apart. Signatures are left out: `sign` is the session key, and nothing else raises `maxSigned`.
contract ChannelMoney {
    uint256 private constant SUPPLY = 1e27;

    uint256 private tokens;
    uint256 private due;
    uint256 private balance;
    uint256 private claimed;
    uint256 private withdrawing;
    uint256 private maxSigned;
    uint256 private othersFree;

    function deposit(uint256 amount) external {
        _receive(amount);
        balance += amount;
    }

    function depositElsewhere(uint256 amount) external {
        _receive(amount);
        othersFree += amount;
    }

    function claimElsewhere(uint256 amount) external {
        require(amount <= othersFree);
        othersFree -= amount;
        due += amount;
    }

    function leaveElsewhere(uint256 amount) external {
        require(amount <= othersFree);
        othersFree -= amount;
        tokens -= amount;
    }

    function sign(uint256 maxClaimable) external {
        if (maxClaimable > maxSigned) maxSigned = maxClaimable;
    }

    function claim(uint256 maxClaimable, uint256 total) external {
        require(maxClaimable <= maxSigned); // a valid voucher
        require(total <= maxClaimable);
        if (total > balance) total = balance;
        if (total <= claimed) return;
        due += total - claimed;
        claimed = total;
    }

    function settle() external {
        tokens -= due;
        due = 0;
    }

    function requestWithdraw(uint256 amount) external {
        require(amount <= balance - claimed);
        withdrawing = amount;
    }

    function withdraw() external {
        uint256 amount = withdrawing;
        uint256 free = balance - claimed;
        if (amount > free) amount = free;
        withdrawing = 0;
        balance -= amount;
        tokens -= amount;
    }

    function refund(uint256 amount) external {
        require(amount <= balance - claimed);
        balance -= amount;
        tokens -= amount;
    }

    function invariants() external view {
        assert(claimed <= balance);
        assert(claimed <= maxSigned);
        assert(balance - claimed + othersFree + due == tokens);
    }

    function _receive(uint256 amount) private {
        require(amount <= SUPPLY - tokens);
        tokens += amount;
    }
}
