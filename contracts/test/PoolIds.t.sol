// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PoolIds} from "../src/lib/PoolIds.sol";
import {Std} from "./support/Std.sol";

contract PoolIdsTest is Std {
    function testFuzz_a_name_is_its_own_inverse(uint8 kind, uint256 id) public {
        if (id > type(uint256).max >> 8) {
            vm.expectRevert(abi.encodeWithSelector(PoolIds.PoolIdTooLarge.selector, id));
            this.named(kind, id);
            return;
        }
        bytes32 pool = PoolIds.named(kind, id);
        assertEq(PoolIds.kindOf(pool), kind, "kind");
        assertEq(PoolIds.idOf(pool), id, "id");
    }

    function test_kinds_do_not_meet() public pure {
        assertEq(PoolIds.datanet(7), bytes32((uint256(1) << 248) | 7), "datanet");
        assertEq(PoolIds.model(7), bytes32((uint256(2) << 248) | 7), "model");
        assertEq(PoolIds.validator(address(7)), bytes32((uint256(3) << 248) | 7), "validator");
    }

    function named(uint8 kind, uint256 id) external pure returns (bytes32) {
        return PoolIds.named(kind, id);
    }
}
