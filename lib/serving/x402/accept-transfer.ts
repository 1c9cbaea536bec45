import { and, eq } from 'drizzle-orm';
import { parseSignature } from 'viem';
import { verifyTypedData } from 'viem/utils';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { inferences } from '#db/schema/models.ts';
import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import { decodeRevert } from '#lib/platform/chain/decode-revert.ts';
import { TransactionRevertedError } from '#lib/platform/chain/errors.ts';
import { type ContractCall, findRow, sendOnce } from '#lib/platform/chain/sender.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { ChatMessage } from '../schema.ts';
import type { Caller } from '../types.ts';
import { InvalidPaymentError } from './errors.ts';
import { type AuthorizedTransfer, findPayment } from './find-payment.ts';
import { findTokenDomain, type TokenDomain } from './token-domain.ts';
import type { ExactPayload } from './types.ts';

/** The answer is written first; an authorization must hold until it is paid for. */
const leastSeconds = 60;

type TransferDeps = Pick<Deps, 'db' | 'chain' | 'operator' | 'deployment' | 'now' | 'randomBytes'>;

export type AcceptedTransfer = {
  caller: Extract<Caller, { kind: 'exact' }>;
  /** One answer for one authorization: its nonce is the idempotency key. */
  idempotencyKey: string;
  /**
   * Moves the money; returns the transaction. Throws InvalidPaymentError when the payer has taken it away meanwhile, and
   * TransactionPendingError when the chain is slow: then the same request again gives the answer, and pays once.
   */
  settle: () => Promise<`0x${string}`>;
};

/**
 * A payment by one EIP-3009 transfer to the router, checked by running it on the chain without sending it: signature, balance and
 * nonce. The answer is written, then the transfer is sent, then the answer is given: nobody has to be paid back.
 *
 * Throws InvalidPaymentError.
 */
export async function acceptTransfer(
  deps: TransferDeps,
  payment: ExactPayload,
  messages: readonly ChatMessage[],
): Promise<AcceptedTransfer> {
  const { authorization, signature } = payment.payload;
  const { chainId, addresses } = deps.deployment;
  if (payment.accepted.network !== `eip155:${chainId}`)
    throw new InvalidPaymentError(`it is for the network ${payment.accepted.network}`);
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const domain = await findTokenDomain(deps);
  if (!domain) throw new InvalidPaymentError('OPEN knows no authorizations on this chain');
  if (authorization.to !== addresses.revenueRouter.toLowerCase())
    throw new InvalidPaymentError(`it pays ${authorization.to}, not ${addresses.revenueRouter}`);
  if (Number(authorization.validBefore) < deps.now().getTime() / 1000 + leastSeconds)
    throw new InvalidPaymentError(`it ends in less than ${leastSeconds} seconds`);
  if (!(await isSigned(domain, payment))) throw new InvalidPaymentError(`it is not signed by ${authorization.from}`);
  const caller = { kind: 'exact' as const, callerKey: `exact:${from}`, payer: from, amountWei: BigInt(value) };
  await assertOwnQuestion(deps, { callerKey: caller.callerKey, idempotencyKey: nonce }, messages);
  const { r, s, yParity } = parseSignature(signature);
  const call: ContractCall = {
    ...{ key: `x402:${from}:${nonce}`, address: addresses.openToken, abi: openTokenAbi },
    functionName: 'transferWithAuthorization',
    args: [from, to, BigInt(value), BigInt(validAfter), BigInt(validBefore), nonce, yParity + 27, r, s],
  };
  const transfer = { from, to, value: BigInt(value), nonce };
  // Sent before by a process that died: the nonce is used, and this is its payment.
  const row = await findRow(deps.db, call.key);
  if (!row || row.status === 'reverted') await rehearse(deps, call, transfer);
  return {
    caller,
    idempotencyKey: nonce,
    settle: () => settle(deps, call, transfer),
  };
}

/**
 * An authorization is public once it is on chain. Whoever brings it again gets the answer that it paid only by asking the same
 * question, and no other answer.
 */
async function assertOwnQuestion(
  { db }: Pick<Deps, 'db'>,
  key: { callerKey: string; idempotencyKey: string },
  messages: readonly ChatMessage[],
): Promise<void> {
  const [asked] = await db
    .select({ messages: inferences.messages })
    .from(inferences)
    .where(and(eq(inferences.callerKey, key.callerKey), eq(inferences.idempotencyKey, key.idempotencyKey)));
  if (asked && canonicalJson(asked.messages as Json) !== canonicalJson(messages as unknown as Json))
    throw new InvalidPaymentError('it paid for another question');
}

function isSigned(domain: TokenDomain, { payload }: ExactPayload): Promise<boolean> {
  const { from, value, validAfter, validBefore, ...rest } = payload.authorization;
  const numbers = { value: BigInt(value), validAfter: BigInt(validAfter), validBefore: BigInt(validBefore) };
  return verifyTypedData({
    ...{ address: from, domain, signature: payload.signature, primaryType: 'TransferWithAuthorization' },
    types: { TransferWithAuthorization: authorizationFields },
    message: { from, ...rest, ...numbers },
  }).catch(() => false);
}

/** EIP-3009. */
const authorizationFields = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const;

async function rehearse(
  deps: TransferDeps,
  { address, abi, functionName, args }: ContractCall,
  transfer: AuthorizedTransfer,
): Promise<void> {
  try {
    await deps.chain.simulateContract({ account: deps.operator, address, abi, functionName, args });
  } catch (error) {
    const reason = decodeRevert(error);
    if (!reason) throw error;
    if (await findPayment(deps, transfer)) return; // somebody else sent it: it paid all the same
    throw new InvalidPaymentError(`the token refuses it (${reason.errorName})`);
  }
}

/** Who sends the transfer is all one to the payer: where another was faster, ours is refused and theirs is the payment. */
async function settle(deps: TransferDeps, call: ContractCall, transfer: AuthorizedTransfer): Promise<`0x${string}`> {
  try {
    return (await sendOnce(deps, call)).transactionHash;
  } catch (error) {
    if (!(error instanceof TransactionRevertedError)) throw error;
    const paidBy = await findPayment(deps, transfer);
    if (paidBy) return paidBy;
    throw new InvalidPaymentError(`the token refused it when the answer was written (${error.errorName})`);
  }
}
