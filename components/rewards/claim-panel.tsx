'use client';

import { useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Status } from '#components/ui/status.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import type { AccountRewards } from '#lib/rewards/types.ts';

/** Claimable now (one button), pending and until when, collected, earned in all. */
export function ClaimPanel({ rewards, mine }: { rewards: AccountRewards; mine: boolean }) {
  const { config } = useWalletContext();
  const { claim } = rewards;
  // The button goes when nothing is left to claim; what it did stays said.
  const [collectedWei, setCollectedWei] = useState<bigint | null>(null);
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat label="Claimable now" value={<Amount wei={rewards.claimableWei} digits={6} className="text-accent" />} />
        <Stat
          label="Pending"
          value={<Amount wei={rewards.pendingWei} digits={6} />}
          note={
            rewards.pendingUntil && (
              <>
                claimable <TimeAgo at={rewards.pendingUntil} /> unless challenged
              </>
            )
          }
        />
        <Stat label="Claimed" value={<Amount wei={rewards.claimedWei} digits={6} />} />
        <Stat label="Earned in all" value={<Amount wei={rewards.earnedWei} digits={6} />} />
      </StatRow>
      {mine && claim && (
        <TransactionButton
          label="Claim everything"
          what={
            <>
              Pays{' '}
              <span data-testid="claim-amount" className="figures text-ink">
                {formatOpen(rewards.claimableWei)}
              </span>{' '}
              OPEN to your wallet.
            </>
          }
          storageKey={`claim.${claim.epochId}.${claim.cumulativeWei}`}
          call={() =>
            contractCall({
              address: config.addresses.attributionLedger,
              abi: attributionLedgerAbi,
              functionName: 'claim',
              args: [claim.epochId, claim.account, claim.cumulativeWei, claim.proof],
            })
          }
          done={`${formatOpen(rewards.claimableWei)} OPEN are in your wallet.`}
          onFinal={() => setCollectedWei(rewards.claimableWei)}
        />
      )}
      {!claim && collectedWei !== null && (
        <Status tone="good">{formatOpen(collectedWei)} OPEN are in your wallet.</Status>
      )}
    </div>
  );
}
