'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { Button, type ButtonVariant } from '#components/ui/button.tsx';
import { useAccountSession } from '../use-account-session.ts';
import { useWallet } from '../use-wallet.ts';
import { TransactionStatus } from './transaction-status.tsx';
import type { CallSource, TransactionState } from './types.ts';
import { useContractTransaction } from './use-contract-transaction.ts';

/**
 * A button that sends one wallet transaction: a sentence on what will happen and what it costs, the button, and the state.
 * Simulated before the wallet opens; survives a reload. After `final` the page's server data is refreshed.
 */
export function TransactionButton({
  label,
  what,
  call,
  storageKey,
  done,
  variant = 'primary',
  disabled,
  onFinal,
}: {
  /** The button's words; the list of transactions shows them too. */
  label: string;
  /** One sentence: what happens when this is signed. */
  what: ReactNode;
  call: CallSource;
  storageKey: string;
  /** What the last state says, e.g. "12.5 OPEN are in your wallet". */
  done?: ReactNode;
  variant?: ButtonVariant;
  disabled?: boolean;
  onFinal?: (state: Extract<TransactionState, { status: 'final' }>) => void;
}) {
  const router = useRouter();
  const { address } = useAccountSession();
  const { status } = useWallet();
  const transaction = useContractTransaction({
    storageKey,
    title: label,
    onFinal: (state) => {
      // The page shows what the indexer has read, which is a moment behind the wallet.
      for (const ms of [0, 1_500, 4_000]) setTimeout(() => router.refresh(), ms);
      onFinal?.(state);
    },
  });
  const ready = address && status === 'connected';
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="prose-measure text-sm text-muted">{what}</p>
      <Button
        variant={variant}
        disabled={disabled}
        busy={transaction.busy || status === 'loading'}
        onClick={() => transaction.send(call)}
      >
        {ready ? label : address ? 'Reconnect your wallet' : 'Connect wallet'}
      </Button>
      <TransactionStatus state={transaction.state} done={done} />
    </div>
  );
}
