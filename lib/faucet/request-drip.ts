import { faucetAbi } from '#contracts-abi/faucet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import { TransactionRevertedError } from '#lib/platform/chain/errors.ts';
import { sendOnce } from '#lib/platform/chain/sender.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { FaucetTooEarlyError, NoFaucetError } from './errors.ts';

type DripDeps = Pick<Deps, 'db' | 'chain' | 'operator' | 'deployment' | 'now' | 'randomBytes'>;

/**
 * Test OPEN for the actor, sent by the operator, so that a new account needs no network currency for it. The contract gives
 * to an address once a day; the key makes a double click one transaction.
 *
 * @throws {NotSignedInError} {@link NoFaucetError} {@link FaucetTooEarlyError}
 */
export async function requestDrip(deps: DripDeps, actor: Actor): Promise<{ txHash: `0x${string}` }> {
  const { address } = assertAccount(actor);
  const { faucet } = deps.deployment.addresses;
  if (!faucet) throw new NoFaucetError();
  const nextAt = await deps.chain.readContract({
    address: faucet,
    abi: faucetAbi,
    functionName: 'nextDripAt',
    args: [address],
  });
  const { timestamp } = await deps.chain.getBlock();
  if (nextAt > timestamp) throw tooEarly(nextAt, timestamp);
  try {
    const receipt = await sendOnce(deps, {
      key: `drip:${address}:${nextAt}`, // changes with every drip, so each is its own transaction
      address: faucet,
      abi: faucetAbi,
      functionName: 'drip',
      args: [address],
    });
    return { txHash: receipt.transactionHash };
  } catch (error) {
    if (error instanceof TransactionRevertedError && error.errorName === 'FaucetTooEarly') {
      throw tooEarly(BigInt(error.errorArgs[0] as bigint), timestamp);
    }
    throw error;
  }
}

function tooEarly(nextAt: bigint, now: bigint): FaucetTooEarlyError {
  return new FaucetTooEarlyError(new Date(Number(nextAt) * 1000), Math.max(1, Number(nextAt - now)));
}
