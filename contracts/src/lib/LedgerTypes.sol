// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IDirectory} from "../interfaces/IDirectory.sol";
import {IUptimeFeed} from "../interfaces/IUptimeFeed.sol";
import {EpochWord} from "./EpochWord.sol";

/// @title LedgerTypes: what AttributionLedger stores, says and refuses
abstract contract LedgerTypes {
    error LedgerForbidden(address account);
    error LedgerTokenNotExact(uint256 received, uint256 expected);
    error LedgerBondTooLow(uint256 have, uint256 need);
    error LedgerBondLocked(uint256 until);
    error LedgerDisputed(uint32 frozenFrom);
    error LedgerNotHead(uint32 head, uint32 given);
    error LedgerTotalFell(uint256 previous, uint256 total);
    error LedgerTotalNotFunded(uint256 total, uint256 funded);
    error LedgerTooSoon(uint256 earliest);
    error LedgerTooManyPending(uint256 pending);
    error LedgerEpochNotActive(uint32 id, State state);
    error LedgerEpochNotPending(uint32 id, State state);
    error LedgerAlreadyChallenged(uint32 id);
    error LedgerNotChallenged(uint32 id);
    error LedgerDisputeNotExpired(uint256 expiresAt);
    error LedgerProofInvalid(uint32 id, address account);
    error LedgerNoConflict();
    error LedgerNothingToClaim(address account);
    error LedgerOverTotal(uint256 claimed, uint256 total);
    error LedgerSequencerUnsteady(uint256 until);

    event Funded(address indexed from, bytes32 indexed ref, uint96 amount, uint96 funded);
    event BondPosted(address indexed account, uint96 amount, uint96 bond);
    event BondWithdrawn(address indexed account, uint96 amount, uint96 bond);
    event BondSlashed(address indexed publisher, uint96 amount, address indexed challenger, uint96 reward);
    event EpochSubmitted(
        uint32 indexed id,
        address indexed publisher,
        uint32 prev,
        bytes32 earningsRoot,
        bytes32 receiptsRoot,
        uint96 total,
        uint40 activeAt,
        string uri
    );
    event EpochChallenged(uint32 indexed id, address indexed challenger, uint96 bond, string uri);
    event ChallengeRejected(uint32 indexed id, address indexed challenger, uint96 bond);
    event EpochRenewed(uint32 indexed id, uint40 activeAt);
    event EpochRevoked(uint32 indexed id, uint32 indexed because, Reason reason);
    event ChallengeBondReturned(uint32 indexed id, address indexed challenger, uint96 bond);
    /// @dev The token's own Transfer beside it says to whom; the amounts of an account sum to its `claimed`.
    event Claimed(uint32 id, address indexed account, uint96 amount);

    enum State {
        None,
        Pending,
        Frozen,
        Active,
        Revoked
    }

    enum Reason {
        Upheld,
        Expired,
        Vetoed,
        Conflict
    }

    /// @dev One slot: all that a submission and a claim have to know. Ids of 24 bits last a year at one epoch a second.
    struct Totals {
        uint96 funded;
        uint96 reserve; // bonds + funded - activeTotal
        uint24 nextId; // from 1
        uint24 activeId; // the newest epoch that was claimed against: it and all before it are active for ever
        bool frozen; // frozenFrom != 0
        bool stopped; // a pause or sunset may hold
    }

    /// @dev The rest of it, which the common paths do not touch.
    struct Marks {
        uint96 activeTotal; // of activeId
        uint32 frozenFrom; // lowest id under dispute, 0 when none
    }

    /// @dev Two slots. `carried` and `carriedUntil` count epochs that a rejected challenge keeps pending beyond the
    /// spacing rule, so that at most MAX_PENDING are ever pending and every loop is bounded.
    struct Epoch {
        bytes32 top;
        EpochWord word;
    }

    struct Bond {
        uint96 amount;
        uint32 index;
    }

    /// @dev The bond was CHALLENGE_BOND << losses.
    struct Dispute {
        address challenger;
        uint40 openedAt;
        uint8 losses;
    }

    struct Record {
        uint8 losses;
        uint40 until;
    }

    struct Claim {
        uint32 id;
        address account;
        uint96 cumulative;
        bytes32[] proof;
    }

    struct Config {
        IERC20 token;
        uint40 window;
        uint40 disputeTimeout;
        uint96 publisherBond;
        uint96 challengeBond;
        uint40 recipientDelay;
        uint40 rotationDelay;
        address guardian;
        address treasury;
        IDirectory directory;
        IUptimeFeed uptimeFeed; // 0 where the chain has none
    }
}
