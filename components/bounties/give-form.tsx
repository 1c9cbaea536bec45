'use client';

import { useState } from 'react';
import { AmountField } from '#components/staking/amount-field.tsx';
import { readAmount } from '#components/staking/read-amount.ts';
import { Amount } from '#components/ui/amount.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { bountiesAbi } from '#contracts-abi/bounties.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import { ApproveButton } from './approve-button.tsx';

/** Giving to a bounty: two transactions, and before them what can become of the money. */
export function GiveForm({ number, balanceWei, firm }: { number: string; balanceWei: bigint; firm: string }) {
  const { config } = useWalletContext();
  const [text, setText] = useState('10');
  const amount = readAmount(text, balanceWei, 'Your wallet has');
  const address = config.addresses.bounties;
  if (!address) return null;
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
      <p className="prose-measure border-l-2 border-warn py-1 pl-4 text-sm">
        You cannot take it back before the end. After each award you may object, and get your part of it back except for{' '}
        {firm}. Who does not look, agrees.
      </p>
      {amount.wei !== null && (
        <>
          <ApproveButton storageKey={`bounty-approve:${number}`} wei={amount.wei} />
          <TransactionButton
            storageKey={`bounty-fund:${number}`}
            label={`2. Give ${formatOpen(amount.wei)} OPEN`}
            what="Moves the approved amount into the escrow. It leaves only to those whom an award names, or back to you."
            done="Given; the page shows it as soon as the block is read."
            call={contractCall({ address, abi: bountiesAbi, functionName: 'fund', args: [BigInt(number), amount.wei] })}
          />
        </>
      )}
    </div>
  );
}
