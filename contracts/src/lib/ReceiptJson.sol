// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ReceiptJson: addresses out of a receipt's canonical JSON
/// @notice
/// PURPOSE      A receipt's leaf commits to the SHA-256 of its canonical JSON. Whoever holds the text can show on chain what
///              it says, without a second kind of leaf.
/// ASSUMPTIONS  The text is a receipt as replayers of the epoch demand it: strict schema, keys sorted. There `,"payer":"` can
///              stand only where the key payer is: within a JSON string every quotation mark has a backslash before it.
/// CANNOT HAPPEN  An address read from another place than after `,"key":"0x`, or one that is not 40 lower-case digits.
library ReceiptJson {
    error ReceiptFieldInvalid(uint256 position);

    /// @dev The leaf of a receipt, as lib/kernel/merkle-leaf.ts computes it.
    function leaf(bytes32 receiptHash, uint256 feeWei) internal pure returns (bytes32) {
        bytes32 typeWord = keccak256("OpenLedger.Receipt(bytes32 receiptHash,uint256 feeWei)");
        return keccak256(bytes.concat(keccak256(abi.encode(typeWord, receiptHash, feeWei))));
    }

    /// @param position where `prefix` begins in `body`; `prefix` is the comma, the key and `:"0x`
    function addressAt(bytes calldata body, uint256 position, bytes memory prefix) internal pure returns (address) {
        uint256 start = position + prefix.length;
        if (position > body.length || start + 41 > body.length) revert ReceiptFieldInvalid(position);
        bool isKey = keccak256(body[position:start]) == keccak256(prefix) && body[start + 40] == '"';
        if (!isKey) revert ReceiptFieldInvalid(position);
        uint160 value;
        for (uint256 i = start; i < start + 40; ++i) value = (value << 4) | _digit(uint8(body[i]), position);
        return address(value);
    }

    function _digit(uint8 character, uint256 position) private pure returns (uint160) {
        if (character >= 0x30 && character <= 0x39) return character - 0x30;
        if (character >= 0x61 && character <= 0x66) return character - 0x57;
        revert ReceiptFieldInvalid(position);
    }
}
