'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { Button, type ButtonVariant } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';
import { useAccountSession } from '../use-account-session.ts';
import { useWallet } from '../use-wallet.ts';
import { TransactionStatus } from './transaction-status.tsx';
import type { CallSource } from './types.ts';
import { useContractTransaction } from './use-contract-transaction.ts';

/** A button that is gone this soon after the end went because of it. */
const goneSoonMs = 6_000;

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
}) {
  const router = useRouter();
  const { address } = useAccountSession();
  const { status } = useWallet();
  // What was done may take the button with it (nothing is left to claim): then it is said beside the page.
  const endedAtMs = useRef(0);
  const said = useRef(done);
  said.current = done;
  useEffect(
    () => () => {
      if (Date.now() - endedAtMs.current < goneSoonMs) toast.success(said.current ?? 'Done.');
    },
    [],
  );
  const transaction = useContractTransaction({
    storageKey,
    title: label,
    onFinal: () => {
      endedAtMs.current = Date.now();
      // The page shows what the indexer has read, which is a moment behind the wallet.
      for (const ms of [0, 1_500, 4_000]) setTimeout(() => router.refresh(), ms);
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
