// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {GuardianPause} from "./GuardianPause.sol";

/// @title LedgerAccounts: to whom the ledger pays what an account earned
/// @notice
/// PURPOSE      An account is what stands in a leaf: a wallet, a smart account that is not deployed yet, or a handle.
///              Money goes to the account itself unless it has a recipient. Every change of recipient is announced, waits,
///              and can be vetoed meanwhile.
/// HANDLES      `handleAccount("github:alice")` is an address made of the six letters "handle" and 112 bits of a hash.
///              Nobody has its key, so nothing is paid before the rotation authority ("RotationAuthority" of the directory)
///              has bound it to a wallet, once. From then on its recipient controls it and the authority is out.
/// LOST WALLETS Whoever an account named by `setRecovery` may sign a rotation. Where nobody was named, the authority may,
///              after four times the delay, and only while the account never acted here and was never paid.
/// TRUST        A stolen key cannot redirect at once, but while it is held against its owner both can cancel each other's changes:
///              a recovery helps against loss, not for ever against theft. A recovery key and the authority can redirect after their delay unless
///              the account (or the guardian) cancels. The authority cannot touch an account that ever acted here, was
///              ever paid, has a recipient or named a recovery; naming oneself (`setRecovery(a, a)`) puts it out for ever.
///              Owners of handles must trust the authority and, within the delay, the guardian; owners of wallets that never
///              acted must look once in the longer delay, or act once. The guardian can cancel rotations, nothing else.
/// CANNOT HAPPEN  A recipient set without its delay; an authority's signature used twice, after its deadline or for an account
///              that acted; a payment to a keyless handle.
abstract contract LedgerAccounts is EIP712, GuardianPause {
    error LedgerConfigInvalid();
    error LedgerNotController(address account, address caller);
    error LedgerRecipientInvalid(address recipient);
    error LedgerRecipientFixed(address account, address recipient);
    error LedgerRotationPending(address account);
    error LedgerRotationForbidden(address account);
    error LedgerHandleUnbound(address account);
    error LedgerNoChange(address account);
    error LedgerChangeNotReady(uint256 readyAt);
    error LedgerSignatureInvalid(address signer);
    error LedgerSignatureExpired(uint256 deadline);

    event RecipientAnnounced(
        address indexed account, address indexed to, address indexed by, uint40 readyAt, Kind kind
    );
    event RecipientSet(address indexed account, address indexed recipient);
    event ChangeCancelled(address indexed account, address indexed by);
    event RecoverySet(address indexed account, address indexed recovery);

    enum Kind {
        None,
        Recipient, // by whoever controls the account
        Recovery, // signed by the recovery that the account named
        Authority // signed by the rotation authority
    }

    /// @dev One slot, so that a claim reads and writes one word. `recipient` 0 is the account itself, HELD waits.
    struct Account {
        uint96 claimed;
        address recipient;
    }

    struct Change {
        address to;
        uint40 readyAt;
        Kind kind;
    }

    bytes32 public constant ROTATION_TYPEHASH =
        keccak256("Rotation(address account,address to,uint256 nonce,uint256 deadline)");
    bytes32 public constant CLAIM_TO_TYPEHASH =
        keccak256("ClaimTo(address account,address to,uint96 cumulative,uint256 deadline)");
    uint256 public constant MAX_DELAY = 30 days;
    /// @dev "handle", in the leading 48 bits of an address. A key for such an address takes 2^48 tries and gains nothing;
    /// a second handle with the same account takes 2^112.
    uint48 public constant HANDLE_TAG = 0x68616e646c65;
    /// @notice Stands as recipient while a rotation waits, so that nobody can push the money to a lost wallet meanwhile.
    address public constant HELD = address(1);
    uint40 public immutable RECIPIENT_DELAY;
    uint40 public immutable ROTATION_DELAY;

    mapping(address account => Account) public accounts;
    mapping(address account => Change) public changes;
    mapping(address account => address) public recoveries;
    mapping(address account => uint256) public nonces;

    constructor(uint40 recipientDelay, uint40 rotationDelay) EIP712("AttributionLedger", "1") {
        if (recipientDelay > MAX_DELAY || rotationDelay == 0 || rotationDelay > MAX_DELAY) revert LedgerConfigInvalid();
        RECIPIENT_DELAY = recipientDelay;
        ROTATION_DELAY = rotationDelay;
    }

    /// @notice Announces where the account's claims shall go; `confirmRecipient` puts it in force after RECIPIENT_DELAY.
    /// @param to 0 for the account itself
    function setRecipient(address account, address to) external {
        _requireController(account);
        if (to == account) to = address(0);
        if (to == address(0) ? isHandle(account) : !_canReceive(to)) revert LedgerRecipientInvalid(to);
        _act(account);
        if (accounts[account].recipient == HELD) accounts[account].recipient = address(0);
        _announce(account, to, RECIPIENT_DELAY, Kind.Recipient);
    }

    /// @notice Names who may sign a rotation of the account when its key is lost; the account itself means nobody.
    function setRecovery(address account, address recovery) external {
        _requireController(account);
        Kind kind = changes[account].kind;
        if (kind == Kind.Recovery || kind == Kind.Authority) _cancel(account);
        recoveries[account] = recovery == address(0) ? account : recovery;
        emit RecoverySet(account, recoveries[account]);
    }

    /// @notice Announces a rotation signed by the account's recovery or, where none was named, by the rotation authority.
    /// Anyone may bring it. It replaces whatever is announced, so that a thief of the key cannot shut the recovery out, and
    /// starts its delay again.
    function announceRotation(address account, address to, uint256 deadline, bytes calldata signature) external {
        if (to == account || !_canReceive(to)) revert LedgerRecipientInvalid(to);
        (address signer, Kind kind) = _rotationSigner(account);
        bytes32 message = keccak256(abi.encode(ROTATION_TYPEHASH, account, to, nonces[account]++, deadline));
        _requireSigned(signer, message, deadline, signature);
        bool slow = kind == Kind.Authority && !isHandle(account);
        if (accounts[account].recipient == address(0)) accounts[account].recipient = HELD;
        _announce(account, to, slow ? 4 * ROTATION_DELAY : ROTATION_DELAY, kind);
    }

    /// @notice Puts an announced recipient in force. Anyone may call once its time has come.
    function confirmRecipient(address account) external {
        Change memory c = changes[account];
        if (c.kind == Kind.None) revert LedgerNoChange(account);
        if (block.timestamp < c.readyAt) revert LedgerChangeNotReady(c.readyAt);
        delete changes[account];
        accounts[account].recipient = c.to;
        emit RecipientSet(account, c.to);
    }

    /// @notice Takes an announced change back: the account's controller any, the guardian rotations.
    function cancelChange(address account) external {
        Kind kind = changes[account].kind;
        if (kind == Kind.None) revert LedgerNoChange(account);
        if (msg.sender != guardian || kind == Kind.Recipient) {
            _requireController(account);
            _act(account);
        }
        _cancel(account);
    }

    /// @notice The account of a handle in its canonical spelling, for instance "github:alice".
    function handleAccount(string calldata handle) external pure returns (address) {
        return address((uint160(HANDLE_TAG) << 112) | uint112(uint256(keccak256(bytes(handle)))));
    }

    function isHandle(address account) public pure returns (bool) {
        return uint160(account) >> 112 == HANDLE_TAG;
    }

    /// @notice Who decides about an account: itself, or the wallet that a handle is bound to; 0 while it is bound to none.
    function controllerOf(address account) public view returns (address) {
        if (!isHandle(account)) return account;
        address recipient = accounts[account].recipient;
        return recipient == HELD ? address(0) : recipient;
    }

    /// @dev Where an account with this recipient is paid.
    function _payeeOf(address account, address recipient) internal pure returns (address) {
        if (recipient == address(0)) {
            if (isHandle(account)) revert LedgerHandleUnbound(account);
            return account;
        }
        if (recipient == HELD) revert LedgerRotationPending(account);
        return recipient;
    }

    /// @dev A key or contract (ERC-1271) that signed `message` in this ledger's domain, in time.
    function _requireSigned(address signer, bytes32 message, uint256 deadline, bytes calldata signature) internal view {
        if (block.timestamp > deadline) revert LedgerSignatureExpired(deadline);
        bool valid = SignatureChecker.isValidSignatureNowCalldata(signer, _hashTypedDataV4(message), signature);
        if (signer == address(0) || !valid) revert LedgerSignatureInvalid(signer);
    }

    function _rotationSigner(address account) private view returns (address signer, Kind kind) {
        address recovery = recoveries[account];
        if (recovery != address(0)) return (recovery, Kind.Recovery);
        Account memory a = accounts[account];
        if (a.claimed != 0 || uint160(a.recipient) > uint160(HELD)) revert LedgerRotationForbidden(account);
        return (directory.addressOf(keccak256("RotationAuthority")), Kind.Authority);
    }

    function _announce(address account, address to, uint40 delay, Kind kind) private {
        uint40 readyAt = uint40(block.timestamp) + delay;
        changes[account] = Change(to, readyAt, kind);
        emit RecipientAnnounced(account, to, msg.sender, readyAt, kind);
    }

    /// @dev The controller acted: the authority is out for ever.
    function _act(address account) private {
        if (recoveries[account] == address(0)) recoveries[account] = account;
    }

    function _cancel(address account) private {
        delete changes[account];
        if (accounts[account].recipient == HELD) accounts[account].recipient = address(0);
        emit ChangeCancelled(account, msg.sender);
    }

    function _requireController(address account) private view {
        if (msg.sender != controllerOf(account)) revert LedgerNotController(account, msg.sender);
    }

    function _canReceive(address to) internal view returns (bool) {
        return uint160(to) > uint160(HELD) && to != address(this) && !isHandle(to);
    }
}
