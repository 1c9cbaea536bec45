'use client';

import type { ReactNode } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import type { ChannelView } from '#lib/serving/types.ts';
import { TransactionButton } from '../transaction/transaction-button.tsx';
import { contractCall } from '../transaction/types.ts';
import { useWalletContext } from '../wallet-boundary.tsx';

/** Takes unused OPEN out of the channel: request, wait, withdraw. Says the clock in words. */
export function WithdrawDialog({
  channel,
  freeWei,
  nowMs,
  trigger,
}: {
  channel: ChannelView;
  freeWei: bigint;
  /** Server time, so that the step offered does not depend on the reader's clock. */
  nowMs: number;
  trigger: ReactNode;
}) {
  const { config } = useWalletContext();
  const to = { address: config.addresses.inferenceChannels, abi: inferenceChannelsAbi } as const;
  const id = channel.channelId;
  const minutes = Math.round(config.channelDelaySeconds / 60);
  return (
    <Dialog
      trigger={trigger}
      title="Withdraw OPEN"
      description={`Unused OPEN comes back in two steps, ${minutes >= 60 ? `${minutes / 60} hours` : `${minutes} minutes`} apart, so that answers already given are paid first.`}
    >
      <div className="flex flex-col gap-6">
        {channel.withdrawAt === null ? (
          <TransactionButton
            storageKey={`withdraw-request:${id}`}
            label={`Request ${formatOpen(freeWei)} OPEN`}
            what={
              <>
                Asks for <Amount wei={freeWei} />. From then on it can no longer be spent on answers.
              </>
            }
            done="Requested. Come back when the time is over."
            disabled={freeWei === 0n}
            call={contractCall({ ...to, functionName: 'requestWithdraw', args: [id, freeWei] })}
          />
        ) : (
          <>
            <p className="text-sm">
              <Amount wei={channel.withdrawingWei} /> requested, ready{' '}
              <TimeAgo at={channel.withdrawAt * 1000} mode="date" /> (<TimeAgo at={channel.withdrawAt * 1000} />
              ).
            </p>
            <TransactionButton
              storageKey={`withdraw:${id}`}
              label={`Withdraw ${formatOpen(channel.withdrawingWei)} OPEN`}
              what="Sends the requested OPEN to your wallet, less what was claimed for answers meanwhile."
              done="The OPEN is in your wallet."
              disabled={channel.withdrawAt * 1000 > nowMs}
              call={contractCall({ ...to, functionName: 'withdraw', args: [id] })}
            />
            <TransactionButton
              storageKey={`withdraw-cancel:${id}`}
              variant="secondary"
              label="Keep it in the channel"
              what="Cancels the request; the OPEN can be spent on answers again."
              call={contractCall({ ...to, functionName: 'requestWithdraw', args: [id, 0n] })}
            />
          </>
        )}
      </div>
    </Dialog>
  );
}
