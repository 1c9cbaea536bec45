'use client';

import { Address } from '#components/ui/address.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { useRunningClock } from '#components/ui/use-running-clock.ts';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { isHandleAccount } from '#lib/kernel/handle-account.ts';
import type { AccountControl, ChangeKind } from '#lib/rewards/types.ts';

const by: Record<ChangeKind, string> = {
  recipient: 'you announced it',
  recovery: 'the recovery that you named asked for it',
  authority: 'the rotation authority asked for it',
};

/**
 * A change of where earnings go that waits: until when, who asked, and what can be done about it. Anybody may put it in force; only
 * whoever decides about the account may refuse it (and the guardian, with tools of its own).
 */
export function PendingChange({ control, nowMs }: { control: AccountControl; nowMs: number }) {
  const { address } = useAccountSession();
  const { config } = useWalletContext();
  const clockMs = useRunningClock(nowMs);
  const { account, change } = control;
  if (!change) return null;
  const isReady = clockMs >= change.readyAt.getTime();
  const mayRefuse =
    address !== null && address === (isHandleAccount(account) ? control.recipient : account)?.toLowerCase();
  const to = { address: config.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  return (
    <div className="flex flex-col gap-3 border-l-2 border-warn py-1 pl-4" data-change={isReady ? 'ready' : 'waiting'}>
      <p className="text-sm">
        Claims will be paid to {change.to ? <Address address={change.to} /> : 'this account itself'}; {by[change.kind]}.{' '}
        {isReady ? 'It can be put in force since' : 'It can be put in force from'}{' '}
        <TimeAgo at={change.readyAt} mode="date" /> (<TimeAgo at={change.readyAt} />
        ).
      </p>
      <TransactionButton
        storageKey={`confirm-change:${account}`}
        label="Put it in force"
        disabled={!isReady}
        what="From then on claims are paid there. Anybody may do this once its time has come."
        done="In force."
        call={contractCall({ ...to, functionName: 'confirmRecipient', args: [account] })}
      />
      {mayRefuse && (
        <TransactionButton
          storageKey={`cancel-change:${account}`}
          variant="danger"
          label="Refuse it"
          what="Takes the change back. If you did not ask for it, do this now and check who has your key."
          done="Refused; everything stays as it is."
          call={contractCall({ ...to, functionName: 'cancelChange', args: [account] })}
        />
      )}
    </div>
  );
}
