import { beforeEach, describe, expect, it } from 'vitest';
import { transactionJournal } from './transaction-journal.ts';
import type { JournalEntry, TransactionState } from './types.ts';

/** Node has no localStorage: what a browser's does, over a map, with a quota that a test may set. */
const held = new Map<string, string>();
let quota = Number.POSITIVE_INFINITY;
Object.defineProperty(globalThis, 'localStorage', {
  value: {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > quota) throw new DOMException('full', 'QuotaExceededError');
      held.set(key, value);
    },
  },
});

const hash = `0x${'ab'.repeat(32)}` as const;
const final: TransactionState = { status: 'final', hash, blockNumber: 3 };
const entry = (id: number, state: TransactionState): JournalEntry => ({
  id: String(id),
  key: 'claim.1',
  account: '0x00000000000000000000000000000000000c0ffe',
  title: 'Claim everything',
  href: '/rewards',
  askedAtMs: id,
  call: { to: '0x00000000000000000000000000000000000c0ffe', data: '0x', valueWei: '0' },
  fromNonce: 1,
  fromBlock: 1,
  nonce: null,
  state,
});
let chainId = 0;
beforeEach(() => {
  chainId += 1; // each test has a list of its own
  quota = Number.POSITIVE_INFINITY;
});

describe('transactionJournal', () => {
  it('lists newest first and gives the same list until it changes', () => {
    transactionJournal.save(chainId, entry(1, final));
    transactionJournal.save(chainId, entry(2, { status: 'sent', hash }));
    const list = transactionJournal.list(chainId);
    expect(list.map(({ id }) => id)).toEqual(['2', '1']);
    expect(transactionJournal.list(chainId)).toBe(list);
    expect(transactionJournal.list(chainId + 1_000)).toEqual([]);
  });

  it('keeps 200, and drops ended ones before any that is open', () => {
    transactionJournal.save(chainId, entry(0, { status: 'sent', hash }));
    for (let id = 1; id <= 205; id++) transactionJournal.save(chainId, entry(id, final));
    const ids = transactionJournal.list(chainId).map(({ id }) => Number(id));
    expect(ids).toHaveLength(200);
    expect(ids.at(-1)).toBe(0);
    expect(ids.at(-2)).toBe(7);
  });

  it('forgets only what has ended, and does not bring back what was forgotten', () => {
    transactionJournal.save(chainId, entry(1, final));
    transactionJournal.save(chainId, entry(2, { status: 'included', hash, blockNumber: 1 }));
    transactionJournal.clearEnded(chainId);
    transactionJournal.update(chainId, '1', { state: { status: 'declined' } });
    expect(transactionJournal.list(chainId).map(({ id }) => id)).toEqual(['2']);
  });

  it('leaves out what it does not understand, and a page to another site is not understood', () => {
    const list = [entry(1, final), { ...entry(2, final), href: 'https://elsewhere.example' }, { id: 3 }, null];
    held.set(`openledger.transactions.${chainId}`, JSON.stringify(list));
    expect(transactionJournal.list(chainId).map(({ id }) => id)).toEqual(['1']);
    held.set(`openledger.transactions.${chainId}`, 'no JSON');
    expect(transactionJournal.list(chainId)).toEqual([]);
  });

  it('goes on in memory when the browser refuses to store', () => {
    quota = 10;
    let calls = 0;
    const stop = transactionJournal.subscribe(() => {
      calls += 1;
    });
    transactionJournal.save(chainId, entry(1, { status: 'sent', hash }));
    transactionJournal.update(chainId, '1', { state: final });
    stop();
    expect(transactionJournal.list(chainId)[0]?.state).toEqual(final);
    expect(calls).toBe(2);
  });
});
