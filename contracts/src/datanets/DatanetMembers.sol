// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IStakePools} from "../interfaces/IStakePools.sol";
import {PoolIds} from "../lib/PoolIds.sol";
import {DatanetBook} from "./DatanetBook.sol";

interface IBalanceOf {
    /// @notice The same question for ERC-20 and ERC-721.
    function balanceOf(address account) external view returns (uint256);
}

/// @title DatanetMembers: who may propose rows to a Datanet
/// @notice Part of DatanetRegistry, whose header is the specification. Open Datanets need no membership; the others admit
/// by stake, list, token or role. Stake itself lies in StakePools, in the Datanet's pool under the member's own account.
abstract contract DatanetMembers is DatanetBook {
    error DatanetNotMember(uint256 id, address account);
    error DatanetNotAdmitted(uint256 id, address account);
    error DatanetStakeMissing(uint256 have, uint256 need);

    event Joined(uint256 indexed id, address indexed account);
    event Left(uint256 indexed id, address indexed account);

    /// @notice Makes the caller a member, when the Datanet's access admits them and their stake is what its policy asks.
    /// @param proof with access 2, that the caller's leaf, keccak256(keccak256(abi.encode(caller))), is on the list
    function join(uint256 id, bytes32[] calldata proof) external {
        _requireOpen(id);
        if (!_isAdmitted(id, msg.sender, proof)) revert DatanetNotAdmitted(id, msg.sender);
        _requireStake(id, msg.sender, _terms[id].joinStake);
        rolesOf[id][msg.sender] |= MEMBER;
        emit Joined(id, msg.sender);
    }

    /// @notice Ends the caller's membership. Their stake leaves through StakePools, and stays slashable while it unbonds.
    function leave(uint256 id) external {
        uint256 roles = rolesOf[id][msg.sender];
        if (roles & MEMBER == 0) revert DatanetNotMember(id, msg.sender);
        rolesOf[id][msg.sender] = roles ^ MEMBER;
        emit Left(id, msg.sender);
    }

    function isMember(uint256 id, address account) public view returns (bool) {
        return rolesOf[id][account] & MEMBER != 0;
    }

    /// @dev Where access is not open, only members and curators propose; where a policy asks for stake, nobody without.
    function _requireMayPropose(uint256 id, address account, uint96 joinStake) internal view {
        if (datanets[id].access != 0 && !isMember(id, account) && !isCurator(id, account)) {
            revert DatanetNotMember(id, account);
        }
        _requireStake(id, account, joinStake);
    }

    function _requireStake(uint256 id, address account, uint96 joinStake) internal view {
        if (joinStake == 0) return;
        uint256 have = IStakePools(_part(keccak256("StakePools"))).stakeOf(PoolIds.datanet(id), account);
        if (have < joinStake) revert DatanetStakeMissing(have, joinStake);
    }

    function _isAdmitted(uint256 id, address account, bytes32[] calldata proof) private view returns (bool) {
        uint8 access = datanets[id].access;
        bytes32 data = accessData[id];
        if (access == ACCESS_LIST) {
            bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account))));
            return data != 0 && MerkleProof.verifyCalldata(proof, data, leaf);
        }
        if (access == ACCESS_TOKEN) {
            // A least balance of zero would admit everybody by mistake.
            uint256 least = uint96(uint256(data));
            address token = address(uint160(uint256(data) >> 96));
            return least != 0 && IBalanceOf(token).balanceOf(account) >= least;
        }
        return access != ACCESS_PRIVATE || rolesOf[id][account] != 0;
    }
}
