import { createPublicClient, defineChain, type Hash, http } from 'viem';
import type { WalletConfig } from '../wallet-config.ts';
import { describeFailure } from './describe-failure.ts';
import type { TransactionState } from './types.ts';

/**
 * Follows a sent transaction to its end: included, final, replaced or failed. Needs no wallet, so it also runs after a
 * reload. A transaction that the wallet sped up is followed under its new hash.
 *
 * @returns the last state; `sent` when the chain has not included it within ten minutes (it may still do so).
 */
export async function watchTransaction(
  config: WalletConfig,
  hash: Hash,
  onState: (state: TransactionState) => void,
): Promise<TransactionState> {
  const client = createPublicClient({
    chain: defineChain({
      id: config.chainId,
      name: config.chainName,
      nativeCurrency: config.currency,
      rpcUrls: { default: { http: [config.rpcUrl] } },
    }),
    transport: http(config.rpcUrl),
    pollingInterval: 1_000,
  });
  let replaced: 'cancelled' | 'replaced' | null = null;
  const options = { hash, timeout: 600_000, retryCount: 20 };
  try {
    const receipt = await client.waitForTransactionReceipt({
      ...options,
      onReplaced: ({ reason }) => {
        if (reason !== 'repriced') replaced = reason;
      },
    });
    const now = receipt.transactionHash;
    if (replaced) return { status: 'replaced', hash: now, by: replaced };
    if (receipt.status === 'reverted') {
      return { status: 'failed', hash: now, reason: await reasonOf(client, config, now) };
    }
    const blockNumber = Number(receipt.blockNumber);
    onState({ status: 'included', hash: now, blockNumber });
    if (config.confirmations > 1) {
      await client.waitForTransactionReceipt({ ...options, hash: now, confirmations: config.confirmations });
    }
    return { status: 'final', hash: now, blockNumber };
  } catch (error) {
    if (error instanceof Error && error.name === 'WaitForTransactionReceiptTimeoutError')
      return { status: 'sent', hash };
    return { status: 'failed', hash, reason: describeFailure(error, config.currency.symbol) };
  }
}

/** Runs the failed call again at its block to learn the reason; chains do not keep it. */
async function reasonOf(
  client: ReturnType<typeof createPublicClient>,
  config: WalletConfig,
  hash: Hash,
): Promise<string> {
  try {
    const { from, to, input, value, blockNumber } = await client.getTransaction({ hash });
    await client.call({ account: from, to, data: input, value, ...(blockNumber && { blockNumber }) });
    return 'The chain refused the transaction; only the network fee was spent.';
  } catch (error) {
    return `${describeFailure(error, config.currency.symbol)} Only the network fee was spent.`;
  }
}
