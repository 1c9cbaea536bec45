import { faucetAbi } from '#contracts-abi/faucet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import { TransactionRevertedError } from '#lib/platform/chain/errors.ts';
import { sendOnce } from '#lib/platform/chain/sender.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { FaucetTooEarlyError, NoFaucetError } from './errors.ts';

const gasWei = 10n ** 17n; // 0.1 of the network's currency: thousands of transactions on the devnet

type DripDeps = Pick<Deps, 'db' | 'chain' | 'operator' | 'deployment' | 'now' | 'randomBytes'>;

/**
 * Test OPEN for the actor, sent by the operator, and a little network currency where the account has none, so that a wallet
 * made a minute ago can deposit. The contract gives
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
    await giveGas(deps, address, nextAt);
    return { txHash: receipt.transactionHash };
  } catch (error) {
    if (error instanceof TransactionRevertedError && error.errorName === 'FaucetTooEarly') {
      throw tooEarly(BigInt(error.errorArgs[0] as bigint), timestamp);
    }
    throw error;
  }
}

/** Network currency for an account that has none, or it could not send its first transaction. Faucets are on devnets only. */
async function giveGas(deps: DripDeps, address: `0x${string}`, nextAt: bigint): Promise<void> {
  const balance = await deps.chain.getBalance({ address });
  if (balance >= gasWei / 2n) return;
  await sendOnce(deps, { key: `gas:${address}:${nextAt}`, address, valueWei: gasWei });
}

function tooEarly(nextAt: bigint, now: bigint): FaucetTooEarlyError {
  return new FaucetTooEarlyError(new Date(Number(nextAt) * 1000), Math.max(1, Number(nextAt - now)));
}
