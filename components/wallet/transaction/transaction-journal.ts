import { type JournalEntry, openStatuses } from './types.ts';

const kept = 200;
const storageKey = (chainId: number) => `openledger.transactions.${chainId}`;
const none: readonly JournalEntry[] = [];
const listeners = new Set<() => void>();
let cached: { chainId: number; text: string | null; entries: readonly JournalEntry[] } | null = null;
/** What stands instead of localStorage in a browser that refuses it (private windows): the page's own memory. */
const memory = new Map<string, string>();

/**
 * The wallet transactions of this browser on a chain, newest first, shared by all its tabs. Ended ones are the history;
 * the oldest of those go when there are more than 200. Amounts and hashes only, nothing secret.
 */
export const transactionJournal = {
  list(chainId: number): readonly JournalEntry[] {
    const text = load(storageKey(chainId));
    if (cached?.chainId !== chainId || cached.text !== text) cached = { chainId, text, entries: parse(text) };
    return cached.entries;
  },

  /** Adds an entry, or replaces the one with its id. */
  save(chainId: number, entry: JournalEntry): void {
    const others = transactionJournal.list(chainId).filter(({ id }) => id !== entry.id);
    const all = [entry, ...others].sort((a, b) => b.askedAtMs - a.askedAtMs);
    store(chainId, all);
  },

  /** Changes an entry; one that is gone meanwhile (cleared in another tab) stays gone. */
  update(chainId: number, id: string, change: Partial<JournalEntry>): void {
    const all = transactionJournal.list(chainId);
    if (all.some((entry) => entry.id === id)) {
      store(
        chainId,
        all.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)),
      );
    }
  },

  /** Forgets what has ended; what is under way stays. */
  clearEnded(chainId: number): void {
    store(
      chainId,
      transactionJournal.list(chainId).filter(({ state }) => openStatuses.has(state.status)),
    );
  },

  /** Calls back after every change, also by another tab. Answers how to stop. */
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    globalThis.addEventListener?.('storage', listener);
    return () => {
      listeners.delete(listener);
      globalThis.removeEventListener?.('storage', listener);
    };
  },
};

function store(chainId: number, entries: readonly JournalEntry[]): void {
  const open = entries.filter(({ state }) => openStatuses.has(state.status));
  const ended = entries.filter(({ state }) => !openStatuses.has(state.status));
  const keep = new Set([...open, ...ended.slice(0, Math.max(0, kept - open.length))]);
  const text = JSON.stringify(entries.filter((entry) => keep.has(entry)));
  try {
    localStorage.setItem(storageKey(chainId), text);
    memory.delete(storageKey(chainId));
  } catch {
    memory.set(storageKey(chainId), text);
  }
  for (const listener of listeners) listener();
}

function load(key: string): string | null {
  try {
    return memory.get(key) ?? localStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

function parse(text: string | null): readonly JournalEntry[] {
  if (!text) return none;
  try {
    const entries: unknown = JSON.parse(text);
    return Array.isArray(entries) ? entries.filter(isEntry) : none;
  } catch {
    return none;
  }
}

/** Storage belongs to the browser's owner, and to older versions of this page: what does not fit is left out. */
function isEntry(value: unknown): value is JournalEntry {
  const entry = value as Partial<JournalEntry> | null;
  return (
    typeof entry?.id === 'string' &&
    typeof entry.key === 'string' &&
    typeof entry.title === 'string' &&
    typeof entry.askedAtMs === 'number' &&
    typeof entry.fromNonce === 'number' &&
    typeof entry.fromBlock === 'number' &&
    typeof entry.call?.to === 'string' &&
    /^0x[0-9a-fA-F]{40}$/.test(entry.account ?? '') &&
    typeof entry.href === 'string' &&
    entry.href.startsWith('/') &&
    typeof entry.state?.status === 'string'
  );
}
