import { type Hex, keccak256, type PublicClient, type TransactionReceipt, TransactionReceiptNotFoundError } from 'viem';

/** The receipt of any of the signed variants in `raw` (one a line, newest last), or null while there is none. */
export async function findReceipt(chain: PublicClient, raw: string): Promise<TransactionReceipt | null> {
  for (const variant of raw.split('\n').reverse()) {
    try {
      return await chain.getTransactionReceipt({ hash: keccak256(variant as Hex) });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  }
  return null;
}
