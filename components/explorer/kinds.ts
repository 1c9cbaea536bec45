import type { ExplorerKind } from '#lib/explorer/types.ts';

/** Name of each list and the question that it answers, in words: the reader sees what is counted. */
export const explorerLists: Record<ExplorerKind, { label: string; query: string }> = {
  answers: { label: 'Answers', query: 'Every completed answer, newest first.' },
  independent: {
    label: 'Independent',
    query: 'Paid answers whose payer neither owns the model nor has a share in the answer.',
  },
  claims: { label: 'Claims', query: 'What contributors took into their wallets: Claimed events of the reward ledger.' },
  earners: { label: 'Earners', query: 'Accounts that earned in settled reward periods, most first (200 at most).' },
  datanets: {
    label: 'Datanets',
    query: 'Registered on chain; accepted a row or helped to answer in the last 30 days.',
  },
  models: { label: 'Models', query: 'Models whose version is published on chain.' },
  payments: { label: 'Payments', query: 'Deposits, claims and withdrawals of the payment channels.' },
  periods: { label: 'Reward periods', query: 'Postings, challenges and funding of the reward ledger.' },
  events: { label: 'All events', query: 'Every event of our contracts, as the chain has it.' },
};
