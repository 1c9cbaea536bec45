'use client';

import { useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { bountiesAbi } from '#contracts-abi/bounties.ts';

/** A sponsor's objection to an award, with its reason, while the window is open. */
export function ObjectForm({ number, award, partWei }: { number: string; award: number; partWei: bigint }) {
  const { config } = useWalletContext();
  const [reason, setReason] = useState('');
  const address = config.addresses.bounties;
  if (!address) return null;
  return (
    <div className="flex max-w-xl flex-col gap-3">
      <Field label="Why you object" hint="Stands on chain, for everybody.">
        {(control) => (
          <Input {...control} maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <TransactionButton
        storageKey={`bounty-object:${number}.${award}`}
        variant="danger"
        label="Object"
        disabled={reason.trim().length < 3}
        what={
          <>
            Takes <Amount wei={partWei} /> of this award back to you, and touches nobody else’s part.
          </>
        }
        done="Your part is back in your wallet."
        call={contractCall({
          address,
          abi: bountiesAbi,
          functionName: 'object',
          args: [BigInt(number), BigInt(award), reason.trim()],
        })}
      />
    </div>
  );
}

/** Pays an award whose window is over; anyone may. */
export function PayAward({
  number,
  award,
  payees,
}: {
  number: string;
  award: number;
  payees: readonly `0x${string}`[];
}) {
  const { config } = useWalletContext();
  const address = config.addresses.bounties;
  if (!address) return null;
  return (
    <TransactionButton
      storageKey={`bounty-pay:${number}.${award}`}
      label="Pay this award"
      what="The window is over. One transaction pays everybody whom the award names; anyone may send it."
      done="Paid."
      call={contractCall({
        address,
        abi: bountiesAbi,
        functionName: 'pay',
        args: [BigInt(number), BigInt(award), payees],
      })}
    />
  );
}

/** Takes back what nobody was awarded. */
export function TakeRefund({ number, account }: { number: string; account: `0x${string}` }) {
  const { config } = useWalletContext();
  const address = config.addresses.bounties;
  if (!address) return null;
  return (
    <TransactionButton
      storageKey={`bounty-refund:${number}`}
      label="Take your money back"
      what="Returns your part of what nobody was awarded, in one transaction."
      done="It is in your wallet."
      call={contractCall({ address, abi: bountiesAbi, functionName: 'refund', args: [BigInt(number), account] })}
    />
  );
}
