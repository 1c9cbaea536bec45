import type { PublicClient } from 'viem';

type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint };

/** A quarter more than a transaction offers (nodes ask for at least a tenth to replace it), and at least what the market wants. */
export async function raisedFees(
  chain: PublicClient,
  stuck: { maxFeePerGas?: bigint; maxPriorityFeePerGas?: bigint },
): Promise<Fees> {
  const market = await chain.estimateFeesPerGas();
  const quarterMore = (fee: bigint) => (fee * 5n) / 4n + 1n;
  const larger = (a: bigint, b: bigint) => (a > b ? a : b);
  return {
    maxFeePerGas: larger(quarterMore(stuck.maxFeePerGas ?? 0n), market.maxFeePerGas),
    maxPriorityFeePerGas: larger(quarterMore(stuck.maxPriorityFeePerGas ?? 0n), market.maxPriorityFeePerGas),
  };
}
