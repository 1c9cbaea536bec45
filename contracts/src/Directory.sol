// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDirectory} from "./interfaces/IDirectory.sol";

/// @title Directory: which contract plays which part of the protocol
/// @notice
/// PURPOSE      Contracts are never upgraded. A new one is put under the old one's name here, and the old one is given a
///              sunset, after which it takes nothing new. Contracts that need the authority of another that was deployed
///              after them ask here at every call.
/// NAMES        keccak256 of the contract's name: keccak256("StakePools"), keccak256("DisputeCourt"), ...
/// TRUST        OWNER is TimelockSlow: seven days pass in public before an entry changes. An entry decides who may slash
///              and who resolves disputes, so this is as much power as governance has over stake; it has none over
///              channels, claims or exits, which ask nothing here. While a deployment runs, the owner is the deployer;
///              the deployment's last act hands over, and its verification refuses another owner.
/// UNITS        Times in seconds of block time.
/// ROUNDING     None.
/// ASSUMPTIONS  Whoever reads an entry accepts 0 as "nobody".
/// CANNOT HAPPEN  A sunset that has come is never lifted; an entry never names an address without code, except "Treasury"
///              and "RotationAuthority"; ownership never goes to the zero address.
contract Directory is IDirectory {
    error DirectoryForbidden(address account);
    error DirectoryOwnerInvalid();
    error DirectoryNotContract(bytes32 name, address target);
    error DirectoryLengthsDiffer(uint256 names, uint256 targets);
    error DirectorySunsetInvalid(address target, uint256 time);

    event EntrySet(bytes32 indexed name, address indexed before, address indexed target);
    event SunsetSet(address indexed target, uint256 time);
    event OwnerChanged(address indexed from, address indexed to);

    address public owner;
    mapping(bytes32 name => address) public addressOf;
    /// @notice When a contract stops taking anything new; 0 when it goes on.
    mapping(address target => uint256) public sunsetAt;

    constructor(address owner_) {
        _setOwner(owner_);
    }

    /// @notice Puts `target` under `name`; the zero address means that nobody plays this part.
    function set(bytes32 name, address target) public {
        _requireOwner();
        _requireContract(name, target);
        emit EntrySet(name, addressOf[name], target);
        addressOf[name] = target;
    }

    /// @notice Several entries at once, for a deployment.
    function setMany(bytes32[] calldata names, address[] calldata targets) external {
        if (names.length != targets.length) revert DirectoryLengthsDiffer(names.length, targets.length);
        for (uint256 i; i < names.length; ++i) set(names[i], targets[i]);
    }

    /// @notice From `time` on, `target` takes nothing new. May be moved until it has come.
    function setSunset(address target, uint256 time) external {
        _requireOwner();
        if (isSunset(target) || time < block.timestamp) revert DirectorySunsetInvalid(target, time);
        sunsetAt[target] = time;
        emit SunsetSet(target, time);
    }

    /// @notice Hands the directory over, in one step: the timelock to come cannot accept before seven days have passed.
    function transferOwnership(address to) external {
        _requireOwner();
        _setOwner(to);
    }

    function isSunset(address target) public view returns (bool) {
        uint256 time = sunsetAt[target];
        return time != 0 && block.timestamp >= time;
    }

    function _setOwner(address to) private {
        if (to == address(0)) revert DirectoryOwnerInvalid();
        emit OwnerChanged(owner, to);
        owner = to;
    }

    /// @dev The treasury and whoever may bind handles to wallets may be people's accounts; behind any other name one would
    /// be a typing error.
    function _requireContract(bytes32 name, address target) private view {
        bool mayBePerson = name == keccak256("Treasury") || name == keccak256("RotationAuthority");
        if (target == address(0) || mayBePerson) return;
        if (target.code.length == 0) revert DirectoryNotContract(name, target);
    }

    function _requireOwner() private view {
        if (msg.sender != owner) revert DirectoryForbidden(msg.sender);
    }
}
