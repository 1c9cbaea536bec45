// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";
import {GuardianPause} from "./lib/GuardianPause.sol";
import {OwnBalance} from "./lib/OwnBalance.sol";
import {TransientLock} from "./lib/TransientLock.sol";

/// @title InferenceChannels: pay for many inferences with one deposit and off-chain vouchers
/// @notice
/// PURPOSE      A payer deposits once and lets a session key sign cumulative vouchers; the receiver (or its operator)
///              claims many channels in one transaction. One wallet prompt at open, none per inference.
/// TRUST        The payer risks at most what `signer` signed; the receiver risks at most vouchers not yet claimed when a
///              withdrawal ends, so it must claim within `delay` of a WithdrawRequested event, itself or through a watch-tower
///              to which it signed the charges (`claimBySig`). GUARDIAN can stop new deposits for 72 hours; claims, settlements,
///              refunds and withdrawals never stop. There is no administrator.
/// UNITS        Wei of the token. `balance` is all that was deposited less all that left to the payer; `claimed` is
///              cumulative; `balance - claimed` is free. Delays in seconds.
/// ROUNDING     None.
/// ASSUMPTIONS  The token moves exactly the amount asked (fee-on-transfer is refused) and never rebases. Signers are
///              plain keys (ECDSA); a smart account names a session key as `signer`.
/// CANNOT HAPPEN  claimed > balance; claimed > the largest amount signed; a voucher counting for another channel, contract
///              or chain; a withdrawal taking claimed money; the sum of free balances and dues leaving the token balance.
contract InferenceChannels is EIP712, GuardianPause, TransientLock {
    using SafeERC20 for IERC20;
    using OwnBalance for IERC20;

    error ChannelExists(bytes32 id);
    error ChannelUnknown(bytes32 id);
    error ChannelForbidden(address account);
    error ChannelReceiverInvalid(address receiver);
    error ChannelDelayInvalid(uint256 delay);
    error ChannelWrongReceiver(bytes32 id, address receiver);
    error ChannelOverVoucher(bytes32 id, uint256 total, uint256 maxClaimable);
    error ChannelBadSignature(bytes32 id, address recovered);
    error ChannelNothingToWithdraw(bytes32 id);
    error ChannelWithdrawNotReady(uint256 readyAt);
    error ChannelInsufficient(bytes32 id, uint256 free, uint256 wanted);
    error ChannelTokenNotExact(uint256 received, uint256 expected);
    error ChannelPayerInvalid(address payer);
    error ChannelEmptyDeposit();
    error ChannelSignatureExpired(uint256 deadline);
    error ChannelSignatureInvalid(address signer);

    event Opened(
        bytes32 indexed id, address indexed payer, address indexed receiver, address signer, uint40 delay, bytes32 salt
    );
    event Deposited(bytes32 indexed id, address indexed from, uint96 amount, uint96 balance);
    event Claimed(bytes32 indexed id, uint96 amount, uint96 claimed);
    event Settled(address indexed receiver, uint256 amount, address by);
    event WithdrawRequested(bytes32 indexed id, address indexed receiver, uint96 amount, uint40 withdrawAt);
    event Withdrawn(bytes32 indexed id, address indexed payer, uint96 amount, uint96 balance);
    event Refunded(bytes32 indexed id, address indexed payer, uint96 amount, uint96 balance);
    event OperatorSet(address indexed receiver, address indexed operator, bool allowed);

    struct Channel {
        address receiver;
        uint96 balance;
        address signer;
        uint96 claimed;
        address payer;
        uint40 delay;
        uint40 withdrawAt;
        uint96 withdrawing;
    }

    /// @dev A voucher and what to take of it: `total` is the new cumulative amount, at most `maxClaimable`, which was
    /// signed. `r, vs` is the compact signature of EIP-2098.
    struct Row {
        bytes32 id;
        uint128 maxClaimable;
        uint128 total;
        bytes32 r;
        bytes32 vs;
    }

    struct Permit {
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @dev The type of x402's batch-settlement scheme.
    bytes32 public constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");
    /// @dev What a receiver or its operator signs for a watch-tower: how much to take of each channel, cumulatively.
    bytes32 public constant CHARGE_TYPEHASH = keccak256("Charge(bytes32 channelId,uint128 total)");
    bytes32 public constant CHARGES_TYPEHASH = keccak256(
        "Charges(address receiver,Charge[] charges,uint256 deadline)Charge(bytes32 channelId,uint128 total)"
    );
    uint256 public constant MIN_DELAY = 15 minutes;
    uint256 public constant MAX_DELAY = 30 days;
    IERC20 public immutable token;

    mapping(bytes32 id => Channel) public channels;
    /// @notice Claimed and not yet settled, per receiver.
    mapping(address receiver => uint256) public due;
    mapping(address receiver => mapping(address operator => bool)) public operators;

    constructor(IERC20 token_, address guardian_, IDirectory directory_)
        EIP712("InferenceChannels", "1")
        GuardianPause(guardian_, directory_)
    {
        token = token_;
    }

    /// @notice Opens a channel from the caller to `receiver` with a first deposit (may be 0).
    /// @param signer the session key that signs vouchers; 0 means the caller itself
    /// @param delay seconds between a withdrawal request and its execution
    function open(address receiver, address signer, uint40 delay, bytes32 salt, uint96 amount)
        external
        nonReentrant
        returns (bytes32 id)
    {
        return _open(msg.sender, receiver, signer, delay, salt, amount);
    }

    /// @notice Opens a channel that belongs to `payer` with the caller's money, which must be some: else anyone could take
    /// an id for nothing.
    /// @param signer 0 means `payer`
    function openFor(address payer, address receiver, address signer, uint40 delay, bytes32 salt, uint96 amount)
        external
        nonReentrant
        returns (bytes32 id)
    {
        if (payer == address(0)) revert ChannelPayerInvalid(payer);
        if (amount == 0) revert ChannelEmptyDeposit();
        return _open(payer, receiver, signer, delay, salt, amount);
    }

    /// @notice `open` with an EIP-2612 permit, so that no approval is needed beforehand.
    function openWithPermit(
        address receiver,
        address signer,
        uint40 delay,
        bytes32 salt,
        uint96 amount,
        Permit calldata permit
    ) external nonReentrant returns (bytes32 id) {
        _tryPermit(permit);
        return _open(msg.sender, receiver, signer, delay, salt, amount);
    }

    /// @notice Adds to a channel. Anyone may pay for anyone.
    function deposit(bytes32 id, uint96 amount) external nonReentrant {
        _deposit(id, amount);
    }

    function depositWithPermit(bytes32 id, uint96 amount, Permit calldata permit) external nonReentrant {
        _tryPermit(permit);
        _deposit(id, amount);
    }

    /// @notice Takes what vouchers allow, for `receiver`, by it or its operator. Returns the sum newly claimed.
    /// @dev A row whose `total` is not above what is claimed already is skipped; one above the channel's balance takes
    /// what is there, so that a payer who withdrew first cannot make a whole batch fail.
    function claim(address receiver, Row[] calldata rows) external returns (uint256 sum) {
        _requireReceiver(receiver, msg.sender);
        return _claimRows(receiver, rows);
    }

    /// @notice `claim` for a watch-tower: anyone may bring rows whose charges `signer`, who is the receiver or its operator,
    /// signed. Totals are cumulative, so bringing them twice takes nothing twice.
    function claimBySig(
        address receiver,
        Row[] calldata rows,
        uint256 deadline,
        address signer,
        bytes calldata signature
    ) external returns (uint256 sum) {
        _requireReceiver(receiver, signer);
        if (block.timestamp > deadline) revert ChannelSignatureExpired(deadline);
        bytes32 digest = chargesDigest(receiver, rows, deadline);
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) {
            revert ChannelSignatureInvalid(signer);
        }
        return _claimRows(receiver, rows);
    }

    /// @notice Pays `receiver` all that was claimed for it. Anyone may call.
    function settle(address receiver) external nonReentrant returns (uint256 amount) {
        amount = due[receiver];
        if (amount == 0) return 0;
        due[receiver] = 0;
        emit Settled(receiver, amount, msg.sender);
        token.safeTransfer(receiver, amount);
    }

    /// @notice Announces that the payer will take `amount` back after the channel's delay. A new request replaces the
    /// old one and starts the delay again; 0 cancels.
    function requestWithdraw(bytes32 id, uint96 amount) external {
        Channel storage c = channels[id];
        if (msg.sender != c.payer) revert ChannelForbidden(msg.sender);
        uint96 free = c.balance - c.claimed;
        if (amount > free) revert ChannelInsufficient(id, free, amount);
        uint40 readyAt = amount == 0 ? 0 : uint40(block.timestamp) + c.delay;
        c.withdrawAt = readyAt;
        c.withdrawing = amount;
        emit WithdrawRequested(id, c.receiver, amount, readyAt);
    }

    /// @notice Pays the payer what was requested, as far as it has not been claimed meanwhile. Anyone may call.
    function withdraw(bytes32 id) external nonReentrant returns (uint96 amount) {
        Channel storage c = channels[id];
        amount = c.withdrawing;
        if (amount == 0) revert ChannelNothingToWithdraw(id);
        if (block.timestamp < c.withdrawAt) revert ChannelWithdrawNotReady(c.withdrawAt);
        uint96 free = c.balance - c.claimed;
        if (amount > free) amount = free;
        c.withdrawAt = 0;
        c.withdrawing = 0;
        c.balance -= amount;
        emit Withdrawn(id, c.payer, amount, c.balance);
        token.safeTransfer(c.payer, amount);
    }

    /// @notice Gives `amount` back to the payer at once. Only the receiver or its operator.
    function refund(bytes32 id, uint96 amount) external nonReentrant {
        Channel storage c = channels[id];
        _requireReceiver(c.receiver, msg.sender);
        uint96 free = c.balance - c.claimed;
        if (amount > free) revert ChannelInsufficient(id, free, amount);
        c.balance -= amount;
        emit Refunded(id, c.payer, amount, c.balance);
        token.safeTransfer(c.payer, amount);
    }

    /// @notice Lets `operator` claim and refund for the caller, who is a receiver. It can never move the money elsewhere.
    function setOperator(address operator, bool allowed) external {
        operators[msg.sender][operator] = allowed;
        emit OperatorSet(msg.sender, operator, allowed);
    }

    /// @notice The id of a channel: it binds chain, contract, parties, delay and salt, so that no voucher fits two.
    function channelId(address payer, address receiver, address signer, uint40 delay, bytes32 salt)
        public
        view
        returns (bytes32)
    {
        return keccak256(abi.encode(block.chainid, address(this), payer, receiver, signer, delay, salt));
    }

    /// @notice The digest that `signer` signs for a cumulative `maxClaimable`.
    function voucherDigest(bytes32 id, uint128 maxClaimable) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, id, maxClaimable)));
    }

    /// @notice The digest that a receiver or its operator signs for `claimBySig`: of each row, the channel and the total.
    function chargesDigest(address receiver, Row[] calldata rows, uint256 deadline) public view returns (bytes32) {
        bytes32[] memory charges = new bytes32[](rows.length);
        for (uint256 i; i < rows.length; ++i) {
            charges[i] = keccak256(abi.encode(CHARGE_TYPEHASH, rows[i].id, rows[i].total));
        }
        bytes32 list = keccak256(abi.encodePacked(charges));
        return _hashTypedDataV4(keccak256(abi.encode(CHARGES_TYPEHASH, receiver, list, deadline)));
    }

    function _open(address payer, address receiver, address signer, uint40 delay, bytes32 salt, uint96 amount)
        private
        returns (bytes32 id)
    {
        _requireOpen();
        if (receiver == address(0)) revert ChannelReceiverInvalid(receiver);
        if (delay < MIN_DELAY || delay > MAX_DELAY) revert ChannelDelayInvalid(delay);
        if (signer == address(0)) signer = payer;
        id = channelId(payer, receiver, signer, delay, salt);
        Channel storage c = channels[id];
        if (c.payer != address(0)) revert ChannelExists(id);
        c.receiver = receiver;
        c.balance = amount;
        c.signer = signer;
        c.payer = payer;
        c.delay = delay;
        emit Opened(id, payer, receiver, signer, delay, salt);
        if (amount == 0) return id;
        emit Deposited(id, msg.sender, amount, amount);
        _pull(amount);
    }

    function _deposit(bytes32 id, uint96 amount) private {
        _requireOpen();
        Channel storage c = channels[id];
        if (c.payer == address(0)) revert ChannelUnknown(id);
        uint96 balance = c.balance + amount;
        c.balance = balance;
        emit Deposited(id, msg.sender, amount, balance);
        _pull(amount);
    }

    function _claimRows(address receiver, Row[] calldata rows) private returns (uint256 sum) {
        for (uint256 i; i < rows.length; ++i) {
            sum += _claimRow(receiver, rows[i]);
        }
        if (sum != 0) due[receiver] += sum;
    }

    function _claimRow(address receiver, Row calldata row) private returns (uint256 amount) {
        bytes32 id = row.id;
        Channel storage c = channels[id];
        if (c.receiver != receiver) revert ChannelWrongReceiver(id, c.receiver);
        uint256 total = row.total;
        if (total > row.maxClaimable) revert ChannelOverVoucher(id, total, row.maxClaimable);
        uint256 balance = c.balance;
        if (total > balance) total = balance;
        uint256 claimed = c.claimed;
        if (total <= claimed) return 0;
        address recovered = ECDSA.recover(voucherDigest(id, row.maxClaimable), row.r, row.vs);
        if (recovered != c.signer) revert ChannelBadSignature(id, recovered);
        amount = total - claimed;
        c.claimed = uint96(total); // total <= balance, a uint96
        emit Claimed(id, uint96(amount), uint96(total));
    }

    function _pull(uint256 amount) private {
        uint256 before = token.ownBalance();
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = token.ownBalance() - before;
        if (received != amount) revert ChannelTokenNotExact(received, amount);
    }

    /// @dev Anyone may have used the permit already (front-run), so a failure is ignored: the allowance decides.
    function _tryPermit(Permit calldata p) private {
        try IERC20Permit(address(token)).permit(msg.sender, address(this), p.value, p.deadline, p.v, p.r, p.s) {}
            catch {}
    }

    function _requireReceiver(address receiver, address actor) private view {
        if (actor != receiver && !operators[receiver][actor]) revert ChannelForbidden(actor);
    }
}
