'use client';

import type { ReactNode } from 'react';
import { Hash } from '#components/ui/hash.tsx';
import { Status } from '#components/ui/status.tsx';
import type { TransactionState } from './types.ts';

/** One transaction's state in words, read out when it changes. Nothing is shown before the click. */
export function TransactionStatus({ state, done }: { state: TransactionState; done?: ReactNode }) {
  return (
    <div role="status" aria-live="polite" className="text-sm empty:hidden" data-transaction={state.status}>
      {line(state, done)}
    </div>
  );
}

function line(state: TransactionState, done: ReactNode): ReactNode {
  switch (state.status) {
    case 'idle':
      return null;
    case 'preparing':
      return (
        <Status wrap tone="info" live>
          {state.note ?? 'Checking that it will work…'}
        </Status>
      );
    case 'in-wallet':
      return (
        <Status wrap tone="warn" live>
          Confirm it in your wallet{state.networkFee && `; network fee ${state.networkFee}`}.
        </Status>
      );
    case 'sent':
      return withHash('info', true, 'Sent, waiting for a block', state.hash);
    case 'included':
      return withHash('info', true, `In block ${state.blockNumber}, waiting until it is final`, state.hash);
    case 'final':
      return withHash('good', false, done ?? `Done in block ${state.blockNumber}`, state.hash);
    case 'replaced':
      return withHash('warn', false, 'Another transaction took its place', state.hash);
    case 'cancelled':
      return withHash('warn', false, 'You cancelled it in the wallet; nothing happened', state.hash);
    case 'declined':
      return <Status wrap>You said no in the wallet. Nothing was sent.</Status>;
    case 'failed':
      return (
        <p role="alert" className="text-bad">
          {state.reason} {state.hash && <Hash value={state.hash} what="transaction" />}
        </p>
      );
    default:
      return state satisfies never;
  }
}

function withHash(tone: 'info' | 'good' | 'warn', live: boolean, text: ReactNode, hash: string): ReactNode {
  return (
    <span className="flex flex-wrap items-center gap-x-3">
      <Status wrap tone={tone} live={live}>
        {text}
      </Status>
      <Hash value={hash} what="transaction" href={`/explorer?kind=events&tx=${hash}`} className="text-xs" />
    </span>
  );
}
