'use client';

import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { type ContractCall, contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import type { AccountControl, AccountRewards, ClaimCall } from '#lib/rewards/types.ts';

/**
 * Claimable now (one button for everything), pending and until when, collected, earned in all. `others`: accounts whose
 * earnings are paid to this one, such as names that were bound to it; the same button claims theirs.
 */
export function ClaimPanel({
  rewards,
  others,
  control,
  mine,
}: {
  rewards: AccountRewards;
  others: readonly AccountRewards[];
  control: AccountControl;
  mine: boolean;
}) {
  const isElsewhere = control.recipient !== null;
  // What is paid elsewhere or waits for a rotation is not "to your wallet"; the others are paid here all the same.
  const paidHere = isElsewhere || control.isHeld ? others : [rewards, ...others];
  const claims = paidHere.flatMap(({ claim }) => claim ?? []);
  const claimableWei = paidHere.reduce((sum, one) => sum + one.claimableWei, 0n);
  const key = claims.map(({ epochId, cumulativeWei }) => `${epochId}.${cumulativeWei}`).join('+');
  const { config } = useWalletContext();
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat
          label="Claimable now"
          value={<Amount wei={claimableWei} digits={6} className="text-accent" />}
          note={claims.length > 1 && `from ${claims.length} accounts that are paid here`}
        />
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
      {rewards.shortage && (
        <p role="alert" className="prose-measure border-l-2 border-bad py-1 pl-4 text-sm">
          Claims are not offered here since <TimeAgo at={rewards.shortage.since} mode="date" />: a contract holds less
          than it owes.{' '}
          <Link className="link" href="/status">
            The status page
          </Link>{' '}
          says which and how much. The contract itself still pays whoever has a proof.
        </p>
      )}
      {isElsewhere && rewards.claim && (
        <TransactionButton
          label="Claim for the recipient"
          variant="secondary"
          what={
            <>
              Pays <Amount wei={rewards.claimableWei} digits={6} /> of this account to{' '}
              <Address address={control.recipient!} copy={false} />, its recipient.
            </>
          }
          storageKey={`claim-for.${rewards.claim.epochId}.${rewards.claim.cumulativeWei}`}
          call={() => claimCall(config.addresses.attributionLedger, [rewards.claim!])}
          done="Paid to the recipient."
        />
      )}
      {mine && claims.length > 0 && (
        <TransactionButton
          label="Claim everything"
          what={
            <>
              Pays{' '}
              <span data-testid="claim-amount" className="figures text-ink">
                {formatOpen(claimableWei)}
              </span>{' '}
              OPEN to your wallet{claims.length > 1 && `, for ${claims.length} accounts in one transaction`}.
            </>
          }
          storageKey={`claim.${key}`}
          call={() => claimCall(config.addresses.attributionLedger, claims)}
          done={`${formatOpen(claimableWei)} OPEN are in your wallet.`}
        />
      )}
    </div>
  );
}

/** `claim` for one account, which is cheaper, `claimMany` for several. */
function claimCall(address: `0x${string}`, claims: readonly ClaimCall[]): ContractCall {
  const to = { address, abi: attributionLedgerAbi } as const;
  const rows = claims.map(({ epochId, cumulativeWei, ...row }) => ({ ...row, id: epochId, cumulative: cumulativeWei }));
  const [row, ...more] = rows;
  if (row && more.length === 0) {
    return contractCall({ ...to, functionName: 'claim', args: [row.id, row.account, row.cumulative, row.proof] });
  }
  return contractCall({ ...to, functionName: 'claimMany', args: [rows] });
}
