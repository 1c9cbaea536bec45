'use client';

import { useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { stakePoolsAbi } from '#contracts-abi/stake-pools.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import { worstCase } from '#lib/staking/rules.ts';
import type { PoolSubject, PoolTerms } from '#lib/staking/types.ts';
import { AmountField } from './amount-field.tsx';
import { durationWords } from './duration-words.ts';
import { percent } from './percent.ts';
import { readAmount } from './read-amount.ts';

/** Staking in two transactions, because the real OPEN knows no permit; the worst that can happen stands before the buttons. */
export function StakeForm({
  subject,
  terms,
  balanceWei,
}: {
  subject: PoolSubject;
  terms: PoolTerms;
  balanceWei: bigint;
}) {
  const { config } = useWalletContext();
  const { address } = useAccountSession();
  const [text, setText] = useState('100');
  const amount = readAmount(text, balanceWei, 'Your wallet has');
  const pools = config.addresses.stakePools;
  if (!pools) return null;
  return (
    <div className="flex flex-col gap-4">
      <AmountField
        label="Amount in OPEN"
        hint={
          <>
            In your wallet: <Amount wei={balanceWei} />
          </>
        }
        value={text}
        onChange={setText}
        maxWei={balanceWei}
        error={amount.error}
      />
      {amount.wei !== null && (
        <>
          <WorstCase stakeWei={amount.wei} terms={terms} />
          <TransactionButton
            storageKey={`stake-approve:${subject.pool}`}
            variant="secondary"
            label={`1. Approve ${formatOpen(amount.wei)} OPEN`}
            what={
              <>
                Allows the stake pools to take <Amount wei={amount.wei} />, and no more.
              </>
            }
            done="Approved. Now stake."
            call={contractCall({
              address: config.addresses.openToken,
              abi: openTokenAbi,
              functionName: 'approve',
              args: [pools, amount.wei],
            })}
          />
          <TransactionButton
            storageKey={`stake:${subject.pool}`}
            label={`2. Stake ${formatOpen(amount.wei)} OPEN`}
            what={`Moves the approved amount into the pool of ${subject.name}. It earns from the next second on. Staked OPEN does not vote.`}
            done="Your OPEN is at stake."
            call={() =>
              contractCall({
                address: pools,
                abi: stakePoolsAbi,
                functionName: 'stake',
                args: [subject.pool, amount.wei, address!],
              })
            }
          />
        </>
      )}
    </div>
  );
}

/** Before anything is signed: what may be taken, and how long leaving takes. */
export function WorstCase({ stakeWei, terms }: { stakeWei: bigint; terms: PoolTerms }) {
  const worst = worstCase(stakeWei, terms);
  return (
    <div className="border-l-2 border-warn py-1 pl-4 text-sm" data-testid="worst-case">
      <p className="title-small mb-1">The worst case</p>
      <ul className="flex list-disc flex-col gap-1 pl-4">
        <li>
          One proven fault may take <Amount wei={worst.atOnceWei} /> ({percent(terms.slashableBps)}) of this at once,
          also while you are leaving; several within {durationWords(terms.monthSeconds)} may take{' '}
          <Amount wei={worst.monthWei} /> ({percent(terms.monthBps)}). The contract allows no more.
        </li>
        <li>
          Leaving takes {durationWords(terms.unbondingSeconds)}, and with an open dispute at most{' '}
          {durationWords(terms.monthSeconds)}. Nobody can make it longer, and nobody can stop it.
        </li>
        <li>What you earn depends on what users pay; the yields above are what was, and no promise.</li>
      </ul>
    </div>
  );
}
