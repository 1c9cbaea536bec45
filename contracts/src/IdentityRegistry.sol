// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AgentFeedback} from "./identity/AgentFeedback.sol";
import {AgentValidation} from "./identity/AgentValidation.sol";
import {IDirectory} from "./interfaces/IDirectory.sol";

/// @title IdentityRegistry: agents and apps, what payers say of them, and what validators found
/// @notice
/// PURPOSE      ERC-8004's three registries in one contract that nobody can upgrade. Identity has the standard's surface
///              (register, setAgentURI, metadata, agentWallet). An app is an agent with kind "app" and a payout address.
/// FEEDBACK     Only against a paid receipt: its SHA-256 and fee stand as a leaf in an active epoch of the AttributionLedger,
///              its canonical JSON names the caller as payer and the agent's wallet as gateway. Score times fee is added
///              to one word per agent and tag; there are no lists, so reading costs the same for ever. The standard's
///              open `giveFeedback` is left out on purpose: it is what Sybils use.
/// VALIDATION   Validators are asked, paid and held to their word in the ValidatorSet, whose commit and reveal keeps them from
///              copying. Here stands which task was about which agent, and the number whose hash was revealed. The
///              standard's request hash is the task, and a status is asked for each validator of it.
/// PARTS        identity/AgentIdentity, AgentFeedback, AgentValidation; lib/ReceiptJson.
/// TRUST        No administrator. Agent wallets consent by their own signature (EIP-712 or EIP-1271). The directory names the
///              ledger and the validators. That a receipt in a root is genuine and says who really paid rests on the
///              ledger's challenges: one honest replayer. A gateway can pay itself and praise itself; it costs the
///              protocol fee of each such receipt, and weight is the fee, so praise has a price but is no proof.
/// UNITS        Scores -100 to 100; weights in gwei of OPEN; times in seconds.
/// ROUNDING     A fee's part below one gwei adds no weight.
/// ASSUMPTIONS  Receipts are canonical JSON by the strict schema of lib/kernel/receipt-schema.ts. Agents are numbered from 1.
/// CANNOT HAPPEN  Two feedbacks for one receipt (invariant 15); feedback by another than the payer, of another agent than
///              the one whose wallet served, or for a free answer; a wallet or payout that outlives a transfer; a
///              validator's answer other than the one that it revealed.
contract IdentityRegistry is AgentValidation {
    constructor(IDirectory directory_) AgentFeedback(directory_) {}
}
