import type { Hash } from 'viem';

/** A transaction that was sent and whose end this browser has not seen. */
export type TransactionRecord = { hash: Hash; sentAtMs: number };

const keyOf = (chainId: number, storageKey: string) => `openledger.tx.${chainId}.${storageKey}`;

/** Remembers a sent transaction, so that a reload goes on watching it. Storage may be full or forbidden: then it is not. */
export function saveTransaction(chainId: number, storageKey: string, record: TransactionRecord): void {
  try {
    localStorage.setItem(keyOf(chainId, storageKey), JSON.stringify(record));
  } catch {
    // Private windows refuse; the transaction itself is not affected.
  }
}

export function readTransaction(chainId: number, storageKey: string): TransactionRecord | null {
  try {
    const record = JSON.parse(localStorage.getItem(keyOf(chainId, storageKey)) ?? 'null') as TransactionRecord | null;
    return record && /^0x[0-9a-f]{64}$/.test(record.hash) ? record : null;
  } catch {
    return null;
  }
}

export function forgetTransaction(chainId: number, storageKey: string): void {
  try {
    localStorage.removeItem(keyOf(chainId, storageKey));
  } catch {
    // Nothing was kept either.
  }
}
