'use client';

import Link from 'next/link';
import { Icon } from '#components/ui/icon.tsx';
import { openStatuses } from '#components/wallet/transaction/types.ts';
import { useJournal } from '#components/wallet/transaction/use-journal.ts';

/** In the header while a transaction is under way, wherever the reader went meanwhile; otherwise nothing. */
export function OpenTransactionsLink() {
  const count = useJournal().filter(({ state }) => openStatuses.has(state.status)).length;
  if (count === 0) return null;
  const words = `${count} ${count === 1 ? 'transaction' : 'transactions'} under way`;
  return (
    <Link
      href="/transactions"
      title={words}
      className="flex h-9 min-w-9 items-center justify-center gap-1 rounded-md px-2 text-xs max-[409px]:min-w-6 max-[409px]:px-0 text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon name="spinner" className="size-4 animate-spin" />
      <span aria-hidden className="figures max-[409px]:hidden">
        {count}
      </span>
      <span className="sr-only">{words}</span>
    </Link>
  );
}
