// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Directory} from "../src/Directory.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {Params} from "../src/Params.sol";
import {ServiceVault, Share} from "../src/ServiceVault.sol";
import {ServiceVaults} from "../src/ServiceVaults.sol";
import {GasTable} from "./support/GasTable.sol";
import {PlainOpen} from "./support/Tokens.sol";

contract GasChannelsTest is GasTable {
    PlainOpen private token;
    InferenceChannels private channels;
    uint256 private constant SESSION = 0x5e55;
    address private constant RECEIVER = address(0x9001);

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new PlainOpen(address(this));
        channels = new InferenceChannels(token, address(0xfe02), new Directory(address(this)));
        token.approve(address(channels), type(uint256).max);
    }

    function test_gas_channels() public withinTargets {
        address signer = vm.addr(SESSION);
        channels.open(RECEIVER, signer, 1 hours, "warm", 1 ether);
        bytes32 id = channels.open(RECEIVER, signer, 1 hours, "a", 1 ether);
        _check("channel open + deposit", 120_000);
        InferenceChannels.Row[] memory one = new InferenceChannels.Row[](1);
        one[0] = _row(id, 0.1 ether);
        vm.prank(RECEIVER);
        channels.claim(RECEIVER, one);
        uint256 single = vm.lastCallGas().gasTotalUsed;
        InferenceChannels.Row[] memory many = new InferenceChannels.Row[](33);
        for (uint256 i; i < 33; ++i) {
            many[i] = _row(channels.open(RECEIVER, signer, 1 hours, bytes32(i), 1 ether), 0.1 ether);
        }
        vm.prank(RECEIVER);
        channels.claim(RECEIVER, many);
        uint256 perRow = (vm.lastCallGas().gasTotalUsed - single) / 32;
        emit log_named_uint("channel claim, whole batch of 1", single);
        _check("channel claim, each further row", perRow, 17_200);
        channels.settle(RECEIVER);
        _report("channel settle, first");
        one = _rows(id, 0.2 ether);
        vm.prank(RECEIVER);
        channels.claim(RECEIVER, one);
        channels.settle(RECEIVER);
        _check("channel settle", 49_000);
    }

    function test_gas_service_vaults() public {
        ServiceVaults vaults = new ServiceVaults(channels, new Params(address(this), 1), address(0xfe03));
        Share[] memory shares = new Share[](3);
        for (uint256 i; i < 3; ++i) shares[i] = Share(address(uint160(0x9100 + i)), i == 0 ? 8_000 : 1_000);
        ServiceVault vault = ServiceVault(vaults.make(RECEIVER, shares, ""));
        _report("service vault of 3 payees: make");
        token.transfer(address(vault), 1 ether);
        vault.flush();
        token.transfer(address(vault), 1 ether);
        vault.flush();
        _report("service vault of 3 payees: flush");
    }

    function _rows(bytes32 id, uint128 amount) private view returns (InferenceChannels.Row[] memory rows) {
        rows = new InferenceChannels.Row[](1);
        rows[0] = _row(id, amount);
    }

    function _row(bytes32 id, uint128 amount) private view returns (InferenceChannels.Row memory) {
        (bytes32 r, bytes32 vs) = signCompact(SESSION, channels.voucherDigest(id, amount));
        return InferenceChannels.Row(id, amount, amount, r, vs);
    }
}
