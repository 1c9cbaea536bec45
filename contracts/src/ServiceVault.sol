// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {InferenceChannels} from "./InferenceChannels.sol";
import {IParams} from "./interfaces/IParams.sol";
import {ParamKeys} from "./lib/ParamKeys.sol";

/// @dev Who receives which part of what a vault takes in, in 1/10,000.
struct Share {
    address payee;
    uint16 bps;
}

/// @title ServiceVault: the receiver of a provider that serves without a gateway
/// @notice
/// PURPOSE      Channels pay it; `flush` takes the protocol fee for the treasury and divides the rest among fixed payees. Made by
///              ServiceVaults as a clone (ERC-1167) that carries its owner and its shares in its own code.
/// TRUST        `owner` only chooses who may claim vouchers and refund for this vault; neither it nor anyone else moves money or
///              changes a share. Payers need not trust the provider with more than its answers.
/// UNITS        Wei of OPEN; fee and shares in 1/10,000.
/// ROUNDING     Fee and shares round down; what rounding leaves goes to the first payee.
/// ASSUMPTIONS  The token moves exact amounts and refuses no payee.
/// CANNOT HAPPEN  Money leaves to anyone but the treasury and the payees; fee + parts differ from what came in.
contract ServiceVault {
    using SafeERC20 for IERC20;

    error VaultForbidden(address account);

    event Divided(uint256 amount, uint256 fee, address indexed by);

    uint256 public constant MAX_FEE_BPS = 1_000;
    InferenceChannels public immutable channels;
    IParams public immutable params;
    address public immutable treasury;

    constructor(InferenceChannels channels_, IParams params_, address treasury_) {
        (channels, params, treasury) = (channels_, params_, treasury_);
    }

    function owner() public view returns (address who) {
        (who,) = _terms();
    }

    function shares() public view returns (Share[] memory parts) {
        (, parts) = _terms();
    }

    /// @notice Collects what the channels owe this vault and divides the whole balance. Anyone may call.
    function flush() external returns (uint256 amount, uint256 fee) {
        channels.settle(address(this));
        IERC20 token = channels.token();
        amount = token.balanceOf(address(this));
        if (amount == 0) return (0, 0);
        uint256 bps = params.valueOf(ParamKeys.PROTOCOL_FEE_BPS);
        fee = amount * (bps > MAX_FEE_BPS ? MAX_FEE_BPS : bps) / 10_000;
        emit Divided(amount, fee, msg.sender);
        if (fee != 0) token.safeTransfer(treasury, fee);
        Share[] memory parts = shares();
        uint256 left = amount - fee;
        for (uint256 i = parts.length - 1; i != 0; --i) {
            uint256 part = (amount - fee) * parts[i].bps / 10_000;
            left -= part;
            token.safeTransfer(parts[i].payee, part);
        }
        token.safeTransfer(parts[0].payee, left);
    }

    /// @notice Chooses who may claim and refund for this vault: the provider's hot key.
    function setOperator(address operator, bool allowed) external {
        if (msg.sender != owner()) revert VaultForbidden(msg.sender);
        channels.setOperator(operator, allowed);
    }

    function _terms() private view returns (address, Share[] memory) {
        return abi.decode(Clones.fetchCloneArgs(address(this)), (address, Share[]));
    }
}
