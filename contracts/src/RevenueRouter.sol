// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AttributionLedger} from "./AttributionLedger.sol";
import {InferenceChannels} from "./InferenceChannels.sol";
import {IFeeSource} from "./interfaces/IFeeSource.sol";
import {IParams} from "./interfaces/IParams.sol";
import {ParamKeys} from "./lib/ParamKeys.sol";

/// @title RevenueRouter: where a gateway's income is divided
/// @notice
/// PURPOSE      The receiver of a gateway's channels. `flush` takes the protocol fee for the treasury and funds the
///              attribution ledger with the rest; who earned what of the rest is in the receipts.
/// TRUST        `admin` only chooses who may claim vouchers for this router; it cannot move money. The treasury and the ledger
///              are fixed for ever; the fee is governed in PARAMS, and never above MAX_FEE_BPS whatever PARAMS says.
/// FEE          Of the moment of `flush`, which anyone may call, so a change can be front-run by at most what is due then.
/// UNITS        Wei of the token; fees in 1/10,000.
/// ROUNDING     The fee rounds down; the wei of rounding goes to those who earned.
/// ASSUMPTIONS  The token moves exact amounts. Tokens sent here by mistake are treated as revenue.
/// CANNOT HAPPEN  fee + rest differs from what came in; money leaves to anyone but the treasury and the ledger.
contract RevenueRouter is IFeeSource {
    using SafeERC20 for IERC20;

    error RouterForbidden(address account);
    error RouterConfigInvalid();

    event Flushed(bytes32 indexed ref, uint256 amount, uint256 fee, uint256 rest, address by, uint256 totalFees);

    uint256 public constant MAX_FEE_BPS = 1_000;
    IERC20 public immutable token;
    InferenceChannels public immutable channels;
    AttributionLedger public immutable ledger;
    address public immutable treasury;
    address public immutable admin;
    bytes32 public immutable gatewayId;
    IParams public immutable params;
    /// @inheritdoc IFeeSource
    uint256 public totalFees;

    /// @param operator who may claim vouchers for this router from the start
    constructor(
        InferenceChannels channels_,
        AttributionLedger ledger_,
        address treasury_,
        address admin_,
        address operator,
        bytes32 gatewayId_,
        IParams params_
    ) {
        if (treasury_ == address(0) || address(channels_.token()) != address(ledger_.token())) revert RouterConfigInvalid();
        channels = channels_;
        ledger = ledger_;
        token = ledger_.token();
        treasury = treasury_;
        admin = admin_;
        gatewayId = gatewayId_;
        params = params_;
        token.forceApprove(address(ledger_), type(uint256).max);
        channels_.setOperator(operator, true);
    }

    /// @notice Collects what the channels owe this router and divides the whole balance. Anyone may call.
    function flush() external returns (uint256 fee, uint256 rest) {
        channels.settle(address(this));
        uint256 amount = token.balanceOf(address(this));
        if (amount == 0) return (0, 0);
        fee = amount * protocolFeeBps() / 10_000;
        rest = amount - fee;
        totalFees += fee;
        emit Flushed(gatewayId, amount, fee, rest, msg.sender, totalFees);
        if (fee != 0) token.safeTransfer(treasury, fee);
        ledger.fund(SafeCast.toUint96(rest), gatewayId);
    }

    /// @notice The fee that `flush` takes now. A value above MAX_FEE_BPS counts as MAX_FEE_BPS, so that no parameter stops it.
    function protocolFeeBps() public view returns (uint256) {
        uint256 bps = params.valueOf(ParamKeys.PROTOCOL_FEE_BPS);
        return bps > MAX_FEE_BPS ? MAX_FEE_BPS : bps;
    }

    /// @notice Chooses who may claim and refund for this router.
    function setOperator(address operator, bool allowed) external {
        if (msg.sender != admin) revert RouterForbidden(msg.sender);
        channels.setOperator(operator, allowed);
    }
}
