import { createPublicClient, defineChain, http } from 'viem';
import type { WalletConfig } from '../wallet-config.ts';
import { lookAtTransaction } from './look-at-transaction.ts';
import { transactionJournal } from './transaction-journal.ts';
import { type JournalEntry, openStatuses } from './types.ts';

const everyMs = 1_000;
/** Who waits this long is looked after less often. */
const patientAfterMs = 5 * 60_000;
/** Entries whose wallet prompt belongs to this page: its answer comes from the wallet, not from the chain. */
export const askingHere = new Set<string>();
let following: number | null = null;

/**
 * Follows every open transaction of the journal until all have ended; a second call while it runs does nothing. Needs no
 * wallet, so it also runs after a reload and on whatever page the reader went to.
 */
export async function followTransactions(config: WalletConfig): Promise<void> {
  if (following === config.chainId) return;
  following = config.chainId;
  const client = createPublicClient({
    chain: defineChain({
      id: config.chainId,
      name: config.chainName,
      nativeCurrency: config.currency,
      rpcUrls: { default: { http: [config.rpcUrl] } },
    }),
    transport: http(config.rpcUrl),
  });
  const { confirmations, currency } = config;
  try {
    for (let round = 0; ; round++) {
      const open = transactionJournal.list(config.chainId).filter(({ state }) => openStatuses.has(state.status));
      if (open.length === 0) return;
      for (const entry of open.filter(({ id }) => !askingHere.has(id))) {
        const nowMs = Date.now();
        if (nowMs - entry.askedAtMs > patientAfterMs && round % 10 !== 0) continue;
        // A chain that does not answer changes nothing; the next round asks again.
        const change = await lookAtTransaction(entry, {
          client,
          confirmations,
          currency: currency.symbol,
          nowMs,
        }).catch(() => ({}));
        if (differs(entry, change)) transactionJournal.update(config.chainId, entry.id, change);
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  } finally {
    following = null;
  }
}

const differs = (entry: JournalEntry, change: Partial<JournalEntry>) =>
  JSON.stringify({ ...entry, ...change }) !== JSON.stringify(entry);
