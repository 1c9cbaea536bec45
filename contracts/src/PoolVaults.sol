// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IParams} from "./interfaces/IParams.sol";
import {IStakePools} from "./interfaces/IStakePools.sol";

/// @dev The account of one pool: holds what was paid to it until its maker takes it to the pool. Does nothing else, ever.
contract PoolVault {
    using SafeERC20 for IERC20;

    constructor(IERC20 token) {
        token.forceApprove(msg.sender, type(uint256).max);
    }
}

/// @title PoolVaults: an account for every stake pool, so that what can pay an account can pay its stakers
/// @notice
/// PURPOSE      The ledger pays accounts, stakers are paid through pools. Each pool has one address here, which follows from
///              its name alone and may be paid before it exists; `collect` streams what it holds to the pool's stakers.
/// TRUST        Nobody. Whoever calls `collect` chooses the moment only. There is no owner, no parameter, no other exit.
/// UNITS        Wei of OPEN. A stream lasts 7 days, divided by Params.TIME_SCALE on test chains, as emissions do.
/// ROUNDING     None here.
/// ASSUMPTIONS  OPEN moves exact amounts. Until its first payment or act the ledger's rotation authority can announce a rotation of
///              any account, also of a vault (four delays, in which the guardian cancels); claim for it soon.
/// CANNOT HAPPEN  What a vault holds goes anywhere but to its own pool. A pool that is closed (slashed to nothing) takes
///              nothing: then its vault keeps what it has.
contract PoolVaults {
    using SafeERC20 for IERC20;

    error VaultEmpty(bytes32 pool);

    event Collected(bytes32 indexed pool, address vault, uint96 amount, address by);

    IERC20 public immutable token;
    IStakePools public immutable pools;
    uint40 public immutable DURATION;
    bytes32 private immutable INIT_CODE_HASH;

    constructor(IERC20 token_, IParams params, IStakePools pools_) {
        token = token_;
        pools = pools_;
        DURATION = uint40(7 days / params.TIME_SCALE());
        INIT_CODE_HASH = keccak256(abi.encodePacked(type(PoolVault).creationCode, abi.encode(token_)));
        token_.forceApprove(address(pools_), type(uint256).max);
    }

    /// @notice The account to pay for `pool`.
    function vaultOf(bytes32 pool) public view returns (address) {
        bytes32 digest = keccak256(abi.encodePacked(bytes1(0xff), address(this), pool, INIT_CODE_HASH));
        return address(uint160(uint256(digest)));
    }

    /// @notice Streams all that the vault of `pool` holds to the stakers of that pool. Anyone may call.
    function collect(bytes32 pool) external returns (uint96 amount) {
        address vault = vaultOf(pool);
        amount = SafeCast.toUint96(token.balanceOf(vault));
        if (amount == 0) revert VaultEmpty(pool);
        if (vault.code.length == 0) new PoolVault{salt: pool}(token);
        emit Collected(pool, vault, amount, msg.sender);
        token.safeTransferFrom(vault, address(this), amount);
        pools.reward(pool, amount, DURATION);
    }
}
