// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Directory} from "../src/Directory.sol";
import {InferenceChannels} from "../src/InferenceChannels.sol";
import {Params} from "../src/Params.sol";
import {IParams} from "../src/interfaces/IParams.sol";
import {ParamKeys} from "../src/lib/ParamKeys.sol";
import {ServiceVault, Share} from "../src/ServiceVault.sol";
import {ServiceVaults} from "../src/ServiceVaults.sol";
import {Std} from "./support/Std.sol";
import {BoundlessParams, PlainOpen} from "./support/Tokens.sol";

contract ServiceVaultsTest is Std {
    PlainOpen private token;
    InferenceChannels private channels;
    Params private params;
    ServiceVaults private vaults;
    address private constant TREASURY = address(0xd001);
    address private constant PROVIDER = address(0xd002);
    address private constant HOT_KEY = address(0xd003);
    uint256 private constant SESSION = 0x5e55;

    function setUp() public {
        vm.warp(1_800_000_000);
        token = new PlainOpen(address(this));
        channels = new InferenceChannels(token, address(0xfe02), new Directory(address(this)));
        params = new Params(address(this), 1);
        vaults = new ServiceVaults(channels, params, TREASURY);
        token.approve(address(channels), type(uint256).max);
    }

    function testFuzz_all_that_comes_in_goes_to_treasury_and_payees(uint96 amount, uint16 first, uint8 payees) public {
        Share[] memory shares = _shares(first, payees);
        ServiceVault vault = ServiceVault(vaults.make(PROVIDER, shares, ""));
        amount = uint96(bound(amount, 1, 1e24));
        token.transfer(address(vault), amount);
        (uint256 all, uint256 fee) = vault.flush();
        assertEq(all, amount, "all of it");
        assertEq(fee, uint256(amount) * 500 / 10_000, "fee rounds down");
        assertEq(token.balanceOf(TREASURY), fee, "treasury");
        assertEq(token.balanceOf(address(vault)), 0, "nothing stays");
        uint256 rest = amount - fee;
        uint256 others;
        for (uint256 i = 1; i < shares.length; ++i) {
            uint256 part = rest * shares[i].bps / 10_000;
            assertEq(token.balanceOf(shares[i].payee), part, "part rounds down");
            others += part;
        }
        assertEq(token.balanceOf(shares[0].payee), rest - others, "the first has the rest");
    }

    function test_channels_pay_a_vault_that_its_provider_claims_for() public {
        Share[] memory shares = _shares(7_000, 2);
        address vault = vaults.vaultOf(PROVIDER, shares, "x");
        bytes32 id = channels.open(vault, vm.addr(SESSION), 1 hours, 0, 100 ether);
        assertEq(vaults.make(PROVIDER, shares, "x"), vault, "as foreseen");
        vm.expectRevert(abi.encodeWithSelector(ServiceVault.VaultForbidden.selector, HOT_KEY));
        vm.prank(HOT_KEY);
        ServiceVault(vault).setOperator(HOT_KEY, true);
        vm.prank(PROVIDER);
        ServiceVault(vault).setOperator(HOT_KEY, true);
        InferenceChannels.Row[] memory rows = new InferenceChannels.Row[](1);
        (bytes32 r, bytes32 vs) = signCompact(SESSION, channels.voucherDigest(id, 40 ether));
        rows[0] = InferenceChannels.Row(id, 40 ether, 40 ether, r, vs);
        vm.prank(HOT_KEY);
        channels.claim(vault, rows);
        vm.expectEmit(true, false, false, true);
        emit ServiceVault.Divided(40 ether, 2 ether, address(this));
        ServiceVault(vault).flush();
        assertEq(token.balanceOf(shares[0].payee), 26.6 ether, "seven tenths");
        assertEq(token.balanceOf(shares[1].payee), 11.4 ether, "three tenths");
        (uint256 again,) = ServiceVault(vault).flush();
        assertEq(again, 0, "nothing twice");
    }

    function test_terms_are_in_the_address_and_in_the_code() public {
        Share[] memory shares = _shares(1, 3);
        vm.expectEmit(true, true, false, true);
        emit ServiceVaults.VaultMade(vaults.vaultOf(PROVIDER, shares, ""), PROVIDER, shares);
        ServiceVault vault = ServiceVault(vaults.make(PROVIDER, shares, ""));
        assertEq(vault.owner(), PROVIDER, "owner");
        assertEq(keccak256(abi.encode(vault.shares())), keccak256(abi.encode(shares)), "shares");
        assertTrue(vaults.vaultOf(HOT_KEY, shares, "") != address(vault), "another owner, another vault");
        assertTrue(vaults.vaultOf(PROVIDER, _shares(2, 3), "") != address(vault), "another split, another vault");
        vm.expectRevert();
        vaults.make(PROVIDER, shares, "");
    }

    function test_shares_that_are_not_the_whole_are_refused() public {
        Share[] memory shares = _shares(5_000, 2);
        shares[1].bps -= 1;
        _refused(shares, 2);
        shares[1].bps += 2;
        _refused(shares, 2);
        shares = _shares(5_000, 2);
        shares[1].payee = address(0);
        _refused(shares, 1);
        (shares[0].bps, shares[1]) = (0, Share(address(1), 10_000));
        _refused(shares, 0);
        _refused(new Share[](0), 0);
        shares = new Share[](17);
        for (uint256 i; i < 17; ++i) shares[i] = Share(address(uint160(i + 1)), i == 0 ? 10_000 - 16 : 1);
        _refused(shares, 17);
    }

    function test_no_params_can_take_more_than_the_bound() public {
        vaults = new ServiceVaults(channels, IParams(address(new BoundlessParams())), TREASURY);
        ServiceVault vault = ServiceVault(vaults.make(PROVIDER, _shares(5_000, 2), ""));
        token.transfer(address(vault), 100 ether);
        (, uint256 fee) = vault.flush();
        assertEq(fee, 10 ether, "capped");
    }

    function test_a_fee_of_nothing_is_not_sent() public {
        params.set(ParamKeys.MATCH_BPS, 0, 0);
        vm.warp(block.timestamp + 1 days);
        params.set(ParamKeys.PROTOCOL_FEE_BPS, 0, 0);
        vm.warp(block.timestamp + 1 days);
        ServiceVault vault = ServiceVault(vaults.make(PROVIDER, _shares(5_000, 1), ""));
        token.transfer(address(vault), 3);
        (, uint256 fee) = vault.flush();
        assertEq(fee, 0, "none");
        assertEq(token.balanceOf(address(0xa000)), 3, "all");
    }

    function _refused(Share[] memory shares, uint256 index) private {
        vm.expectRevert(abi.encodeWithSelector(ServiceVaults.SharesInvalid.selector, index));
        vaults.make(PROVIDER, shares, "");
    }

    /// @dev The first of `payees` has `first`, the others about the same, the last what is missing.
    function _shares(uint16 first, uint8 payees) private pure returns (Share[] memory shares) {
        uint256 count = bound(payees, 1, 16);
        shares = new Share[](count);
        uint16 left = 10_000;
        for (uint256 i; i < count; ++i) {
            uint16 most = uint16(left - (count - 1 - i));
            uint16 bps = i == count - 1 ? left : uint16(bound(i == 0 ? first : most / 2, 1, most));
            shares[i] = Share(address(uint160(0xa000 + i)), bps);
            left -= bps;
        }
    }
}
