// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PoolIds: the name of a stake pool
/// @notice
/// PURPOSE      A pool is named by what is staked upon: one byte of kind, then 31 bytes of id (a Datanet's or model's
///              number, a validator's address). Unlike a hash of the two it is its own inverse: a slasher's kind is
///              checked without storage, and whoever reads an event knows which Datanet it is about.
/// CANNOT HAPPEN  Two subjects with one name.
library PoolIds {
    error PoolIdTooLarge(uint256 id);

    uint8 internal constant DATANET = 1;
    uint8 internal constant MODEL = 2;
    uint8 internal constant VALIDATOR = 3;
    uint256 private constant ID_MASK = type(uint256).max >> 8;

    function datanet(uint256 id) internal pure returns (bytes32) {
        return named(DATANET, id);
    }

    function model(uint256 id) internal pure returns (bytes32) {
        return named(MODEL, id);
    }

    function validator(address account) internal pure returns (bytes32) {
        return named(VALIDATOR, uint160(account));
    }

    function named(uint8 kind, uint256 id) internal pure returns (bytes32) {
        if (id > ID_MASK) revert PoolIdTooLarge(id);
        return bytes32((uint256(kind) << 248) | id);
    }

    function kindOf(bytes32 pool) internal pure returns (uint8) {
        return uint8(uint256(pool) >> 248);
    }

    function idOf(bytes32 pool) internal pure returns (uint256) {
        return uint256(pool) & ID_MASK;
    }
}
