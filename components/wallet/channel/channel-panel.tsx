'use client';

import { useEffect, useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Button } from '#components/ui/button.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { ChannelView } from '#lib/serving/types.ts';
import { useAccountSession } from '../use-account-session.ts';
import { useSessionKey } from '../use-session-key.ts';
import { useWallet } from '../use-wallet.ts';
import { DepositDialog } from './deposit-dialog.tsx';
import { FaucetButton, type RequestDrip } from './faucet-button.tsx';
import { holdsKey } from './make-deposit-call.ts';
import { WithdrawDialog } from './withdraw-dialog.tsx';

export type ChannelPanelProps = {
  channel: ChannelView | null;
  freeWei: bigint;
  /** OPEN in the wallet; null when the chain did not answer. */
  balanceWei: bigint | null;
  nowMs: number;
  /** OPEN that something needs; stands in the deposit's field. */
  suggested?: string;
  /** Asks the operator for test OPEN; absent on chains without a faucet. */
  requestDrip?: RequestDrip;
};

/** The account's deposit: what is in it, spent and held; deposit, withdraw, and test OPEN on the devnet. */
export function ChannelPanel({ channel, freeWei, balanceWei, nowMs, suggested, requestDrip }: ChannelPanelProps) {
  const keyHere = useHoldsKey(channel);
  const wallet = useWallet();
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat label="Free to spend" value={<Amount wei={freeWei} />} />
        <Stat label="Deposit" value={<Amount wei={channel?.depositWei ?? 0n} />} />
        <Stat label="Spent" value={<Amount wei={channel?.chargedWei ?? 0n} />} />
        <Stat label="Held for what runs now" value={<Amount wei={channel?.reservedWei ?? 0n} />} />
        <Stat label="In your wallet" value={balanceWei === null ? '–' : <Amount wei={balanceWei} />} />
      </StatRow>
      {channel && keyHere === false && (
        <p className="prose-measure text-sm text-warn">
          This channel was opened in another browser, which keeps its payment key. A deposit from here opens a second
          channel; the first stays yours and can be withdrawn.
        </p>
      )}
      {channel?.withdrawAt && (
        <p className="text-sm text-muted">
          A withdrawal of <Amount wei={channel.withdrawingWei} /> is under way.
        </p>
      )}
      <div className="flex flex-wrap items-start gap-2">
        {wallet.status === 'connected' ? (
          <>
            <DepositDialog
              channel={channel}
              balanceWei={balanceWei ?? 0n}
              {...(suggested !== undefined && { suggested })}
              trigger={<Button variant="primary">Deposit OPEN</Button>}
            />
            {channel && channel.depositWei > channel.claimedWei && (
              <WithdrawDialog channel={channel} freeWei={freeWei} nowMs={nowMs} trigger={<Button>Withdraw</Button>} />
            )}
          </>
        ) : (
          // A wallet list cannot open over a dialog, so the wallet comes first.
          <Button variant="primary" busy={wallet.status === 'loading'} onClick={wallet.connect}>
            Connect your wallet to deposit
          </Button>
        )}
        {requestDrip && <FaucetButton requestDrip={requestDrip} />}
      </div>
    </div>
  );
}

/** Whether this browser can sign for the channel; null until known. */
function useHoldsKey(channel: ChannelView | null): boolean | null {
  const { address } = useAccountSession();
  const { find } = useSessionKey(address);
  const [held, setHeld] = useState<boolean | null>(null);
  useEffect(() => {
    let stale = false;
    find().then((key) => {
      if (!stale) setHeld(key !== null && holdsKey(channel, key.address));
    });
    return () => {
      stale = true;
    };
  }, [find, channel]);
  return held;
}
