'use client';

import { useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import { sharesFor } from '#lib/staking/rules.ts';
import type { PoolPosition, PoolSubject, PoolTerms } from '#lib/staking/types.ts';
import { AmountField } from './amount-field.tsx';
import { durationWords } from './duration-words.ts';
import { readAmount } from './read-amount.ts';

/** Asking stake back. Says what waiting costs, and that asking again makes stake that is still waiting wait anew. */
export function UnstakeForm({
  subject,
  position,
  terms,
}: {
  subject: PoolSubject;
  position: PoolPosition;
  terms: PoolTerms;
}) {
  const { config } = useWalletContext();
  const [text, setText] = useState('');
  const amount = text === '' ? null : readAmount(text, position.stakedWei, 'You have staked');
  const address = config.addresses.stakePools;
  if (!address) return null;
  const shares = amount?.wei ? sharesFor(amount.wei, position) : 0n;
  return (
    <div className="flex flex-col gap-3">
      <AmountField
        label="Amount to take back"
        hint={
          <>
            Staked: <Amount wei={position.stakedWei} />
          </>
        }
        value={text}
        onChange={setText}
        maxWei={position.stakedWei}
        error={amount?.error}
      />
      <TransactionButton
        storageKey={`unbond:${subject.pool}`}
        variant="secondary"
        label={amount?.wei ? `Begin to leave with ${formatOpen(amount.wei)} OPEN` : 'Begin to leave'}
        disabled={shares === 0n}
        what={
          <>
            It earns nothing from then on and can be withdrawn after {durationWords(terms.unbondingSeconds)}; a slash
            reaches it until you have withdrawn it.
            {position.unbondingWei > 0n &&
              ' Stake that is waiting already waits for the same time again: withdraw it first if its time is near.'}
          </>
        }
        done="The clock runs. Come back when the time is over."
        call={contractCall({ address, abi: stakePoolsAbi, functionName: 'unbond', args: [subject.pool, shares] })}
      />
    </div>
  );
}
