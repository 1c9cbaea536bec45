'use client';

import { Amount } from '#components/ui/amount.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import type { PoolPosition, PoolSubject, PoolTerms } from '#lib/staking/types.ts';
import { UnbondingTimeline } from './unbonding-timeline.tsx';
import { UnstakeForm } from './unstake-form.tsx';

/** What the reader has in a pool, and everything that can be done with it. */
export function PositionPanel(props: {
  subject: PoolSubject;
  position: PoolPosition;
  terms: PoolTerms;
  nowMs: number;
}) {
  const { subject, position, terms, nowMs } = props;
  const { config } = useWalletContext();
  const address = config.addresses.stakePools;
  if (!address) return null;
  const { pool } = subject;
  const { account, stakedWei, unbondingWei, withdrawableAt, rewardWei } = position;
  const to = { address, abi: stakePoolsAbi } as const;
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat label="Staked" value={<Amount wei={stakedWei} />} />
        <Stat label="Leaving" value={<Amount wei={unbondingWei} />} />
        <Stat label="Rewards" value={<Amount wei={rewardWei} digits={6} className="text-accent" />} />
        <Stat label="In all" value={<Amount wei={stakedWei + unbondingWei + rewardWei} />} />
      </StatRow>
      {rewardWei > 0n && (
        <TransactionButton
          storageKey={`harvest:${pool}`}
          variant="secondary"
          label="Collect rewards"
          what={
            <>
              Pays <Amount wei={rewardWei} digits={6} /> and what is earned until then to your wallet. Your stake stays.
            </>
          }
          done="The rewards are in your wallet."
          call={contractCall({ ...to, functionName: 'harvest', args: [pool, account] })}
        />
      )}
      {withdrawableAt && (
        <div className="flex flex-col gap-3">
          <UnbondingTimeline {...{ unbondingWei, withdrawableAt, nowMs }} unbondingSeconds={terms.unbondingSeconds} />
          <TransactionButton
            storageKey={`withdraw-stake:${pool}`}
            label={`Withdraw ${formatOpen(unbondingWei)} OPEN`}
            what="Sends the stake that has left the pool to your wallet. Before its time the contract refuses, and says when."
            done="The OPEN is in your wallet."
            call={contractCall({ ...to, functionName: 'withdraw', args: [pool, account] })}
          />
        </div>
      )}
      {stakedWei > 0n && <UnstakeForm subject={subject} position={position} terms={terms} />}
    </div>
  );
}
