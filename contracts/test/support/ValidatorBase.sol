// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ValidatorSet} from "../../src/ValidatorSet.sol";
import {PoolIds} from "../../src/lib/PoolIds.sol";
import {PoolBase} from "./PoolBase.sol";

/// @dev A real set over real pools. Validator i has key 0x1000 + i; its signer's key is 0x2000 + i.
abstract contract ValidatorBase is PoolBase {
    ValidatorSet internal set;
    uint96 internal constant SELF = 10_000 ether;

    function setUp() public virtual override {
        super.setUp();
        vm.warp(1_800_000_000 / 1 days * 1 days + 1 hours);
        set = new ValidatorSet(token, directory, params, pools);
        validatorSet = address(set);
        directory.set(keccak256("ValidatorSet"), address(set));
        _enrich(RICH, address(set));
    }

    function _validator(uint256 i) internal pure returns (address) {
        return vm.addr(0x1000 + i);
    }

    function _poolOf(uint256 i) internal pure returns (bytes32) {
        return PoolIds.validator(_validator(i));
    }

    function _consent(address validator, uint256 i) internal view returns (ValidatorSet.Signature memory) {
        (bytes32 r, bytes32 vs) = signCompact(0x2000 + i, set.signerDigest(validator));
        return ValidatorSet.Signature(r, vs);
    }

    function _verdict(uint256 i, bytes32 task, bytes32 verdict) internal view returns (ValidatorSet.Signature memory) {
        (bytes32 r, bytes32 vs) = signCompact(0x2000 + i, set.verdictDigest(task, verdict));
        return ValidatorSet.Signature(r, vs);
    }

    /// @dev Stakes `own` as the validator's and `others` as BOB's, and registers.
    function _join(uint256 i, uint96 own, uint96 others, uint16 commission) internal {
        vm.startPrank(RICH);
        pools.stake(_poolOf(i), own, _validator(i));
        if (others != 0) pools.stake(_poolOf(i), others, BOB);
        vm.stopPrank();
        ValidatorSet.Signature memory consent = _consent(_validator(i), i);
        vm.prank(_validator(i));
        set.register(vm.addr(0x2000 + i), consent, commission);
    }

    function _nextTerm() internal {
        (, uint256 endsAt) = set.term();
        vm.warp(endsAt + 1 hours);
    }

    function _weights(uint256 i) internal view returns (uint96 current, uint96 next) {
        return set.weightOf(_validator(i));
    }
}
