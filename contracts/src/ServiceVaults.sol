// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {InferenceChannels} from "./InferenceChannels.sol";
import {IParams} from "./interfaces/IParams.sol";
import {ServiceVault, Share} from "./ServiceVault.sol";

/// @title ServiceVaults: makes vaults
/// @notice
/// PURPOSE      A provider names its payees once; the vault's address follows from them, so whoever knows the address knows the split.
/// TRUST        Nobody: anyone may make a vault for anyone, and it is the same vault.
/// CANNOT HAPPEN  A vault whose shares do not sum to the whole, or that was made with other terms than its address says.
contract ServiceVaults {
    error SharesInvalid(uint256 index);

    event VaultMade(address indexed vault, address indexed owner, Share[] shares);

    uint256 public constant MAX_PAYEES = 16;
    ServiceVault public immutable implementation;

    constructor(InferenceChannels channels, IParams params, address treasury) {
        implementation = new ServiceVault(channels, params, treasury);
    }

    /// @notice Makes the vault of these terms, once.
    function make(address owner, Share[] calldata shares, bytes32 salt) external returns (address vault) {
        uint256 sum;
        for (uint256 i; i < shares.length; ++i) {
            if (shares[i].payee == address(0) || shares[i].bps == 0) revert SharesInvalid(i);
            sum += shares[i].bps;
        }
        if (sum != 10_000 || shares.length > MAX_PAYEES) revert SharesInvalid(shares.length);
        vault = Clones.cloneDeterministicWithImmutableArgs(address(implementation), abi.encode(owner, shares), salt);
        emit VaultMade(vault, owner, shares);
    }

    /// @notice Where the vault of these terms is or will be; channels may pay it before it is made.
    function vaultOf(address owner, Share[] calldata shares, bytes32 salt) external view returns (address) {
        bytes memory terms = abi.encode(owner, shares);
        return Clones.predictDeterministicAddressWithImmutableArgs(address(implementation), terms, salt);
    }
}
