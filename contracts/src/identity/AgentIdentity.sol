// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @title AgentIdentity: agents and apps as ERC-8004 names them
/// @notice Part of IdentityRegistry, whose header is the specification.
abstract contract AgentIdentity is ERC721URIStorage, EIP712 {
    error AgentForbidden(uint256 agentId, address account);
    error AgentKeyReserved(string key);
    error AgentWalletInvalid(address wallet);
    error AgentDeadlineInvalid(uint256 deadline);
    error AgentPayoutInvalid();

    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);

    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    bytes32 public constant AGENT_WALLET_SET_TYPEHASH =
        keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)");
    /// @notice How far ahead the deadline of a wallet's consent may lie: it is given while somebody waits for it.
    uint256 public constant MAX_DEADLINE_DELAY = 5 minutes;

    /// @notice How many agents were ever registered; they are numbered from 1.
    uint256 public agentCount;
    mapping(uint256 agentId => mapping(string key => bytes)) private _metadata;
    mapping(uint256 agentId => address) private _wallets;
    /// @notice Where an app's share is paid; 0 for an agent that is no app.
    mapping(uint256 agentId => address) public payoutOf;

    constructor() ERC721("OpenLedger Agent", "AGENT") EIP712("ERC8004IdentityRegistry", "1") {}

    function register() external returns (uint256 agentId) {
        agentId = _register("");
        _safeMint(msg.sender, agentId);
    }

    function register(string calldata agentURI) external returns (uint256 agentId) {
        agentId = _register(agentURI);
        _safeMint(msg.sender, agentId);
    }

    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId) {
        agentId = _register(agentURI);
        for (uint256 i; i < metadata.length; ++i) {
            _requireFreeKey(metadata[i].metadataKey);
            _setMetadata(agentId, metadata[i].metadataKey, metadata[i].metadataValue);
        }
        _safeMint(msg.sender, agentId);
    }

    /// @notice Registers an app: an agent with kind "app" whose share of revenue goes to `payout`.
    function registerApp(string calldata agentURI, address payout) external returns (uint256 agentId) {
        agentId = _register(agentURI);
        _setMetadata(agentId, "kind", "app");
        _setPayout(agentId, payout);
        _safeMint(msg.sender, agentId);
    }

    /// @notice Changes where an app's share goes, or makes an agent an app.
    function setPayout(uint256 agentId, address payout) external {
        if (msg.sender != ownerOf(agentId)) revert AgentForbidden(agentId, msg.sender);
        if (payoutOf[agentId] == address(0)) _setMetadata(agentId, "kind", "app");
        _setPayout(agentId, payout);
    }

    function setAgentURI(uint256 agentId, string calldata newURI) external {
        _requireOperator(agentId);
        _setTokenURI(agentId, newURI);
        emit URIUpdated(agentId, newURI, msg.sender);
    }

    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external {
        _requireOperator(agentId);
        _requireFreeKey(metadataKey);
        _setMetadata(agentId, metadataKey, metadataValue);
    }

    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory) {
        return _metadata[agentId][metadataKey];
    }

    /// @notice Binds `newWallet` to the agent, with the wallet's own consent: EIP-712 by a key, EIP-1271 by a contract.
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external {
        _requireOperator(agentId);
        if (deadline < block.timestamp || deadline > block.timestamp + MAX_DEADLINE_DELAY) {
            revert AgentDeadlineInvalid(deadline);
        }
        bytes32 digest = agentWalletDigest(agentId, newWallet, ownerOf(agentId), deadline);
        bool consents = SignatureChecker.isValidSignatureNowCalldata(newWallet, digest, signature);
        if (newWallet == address(0) || !consents) revert AgentWalletInvalid(newWallet);
        _setWallet(agentId, newWallet);
    }

    function unsetAgentWallet(uint256 agentId) external {
        _requireOperator(agentId);
        _setWallet(agentId, address(0));
    }

    /// @notice The wallet that speaks for the agent: its first owner's at first, none after a transfer.
    function getAgentWallet(uint256 agentId) public view returns (address) {
        _requireOwned(agentId);
        return _wallets[agentId];
    }

    /// @notice The digest that a wallet signs to be bound.
    function agentWalletDigest(uint256 agentId, address newWallet, address owner, uint256 deadline)
        public
        view
        returns (bytes32)
    {
        return _hashTypedDataV4(
            keccak256(abi.encode(AGENT_WALLET_SET_TYPEHASH, agentId, newWallet, owner, deadline))
        );
    }

    /// @dev A transfer takes wallet and payout away: neither may speak for, or be paid for, the next owner's agent.
    function _update(address to, uint256 agentId, address auth) internal override returns (address from) {
        from = super._update(to, agentId, auth);
        if (from == address(0) || from == to) return from;
        _setWallet(agentId, address(0));
        if (payoutOf[agentId] == address(0)) return from;
        payoutOf[agentId] = address(0);
        _setMetadata(agentId, "payout", "");
    }

    function _requireOperator(uint256 agentId) internal view {
        if (!_isAuthorized(ownerOf(agentId), msg.sender, agentId)) revert AgentForbidden(agentId, msg.sender);
    }

    /// @dev The wallet and URI are set before the token exists, because minting calls the receiver.
    function _register(string memory agentURI) private returns (uint256 agentId) {
        agentId = ++agentCount;
        if (bytes(agentURI).length != 0) _setTokenURI(agentId, agentURI);
        emit Registered(agentId, agentURI, msg.sender);
        _setWallet(agentId, msg.sender);
    }

    function _setWallet(uint256 agentId, address wallet) private {
        _wallets[agentId] = wallet;
        _setMetadata(agentId, "agentWallet", wallet == address(0) ? bytes("") : abi.encodePacked(wallet));
    }

    function _setPayout(uint256 agentId, address payout) private {
        if (payout == address(0)) revert AgentPayoutInvalid();
        payoutOf[agentId] = payout;
        _setMetadata(agentId, "payout", abi.encodePacked(payout));
    }

    function _setMetadata(uint256 agentId, string memory key, bytes memory value) private {
        _metadata[agentId][key] = value;
        emit MetadataSet(agentId, key, key, value);
    }

    /// @dev Keys that this contract vouches for are not to be written freely.
    function _requireFreeKey(string calldata key) private pure {
        bytes32 hash = keccak256(bytes(key));
        bool reserved = hash == keccak256("agentWallet") || hash == keccak256("kind") || hash == keccak256("payout");
        if (reserved) revert AgentKeyReserved(key);
    }
}
