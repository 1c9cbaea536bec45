'use client';

import { useState } from 'react';
import { isAddress } from 'viem/utils';
import { durationWords } from '#components/staking/duration-words.ts';
import { Address } from '#components/ui/address.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import type { AccountControl } from '#lib/rewards/types.ts';
import { PendingChange } from './pending-change.tsx';

/** Where earnings go, changing that with its delay, and who may rescue them when the key is lost. */
export function RecipientPanel({ control, nowMs }: { control: AccountControl; nowMs: number }) {
  const { account, recipient, recovery } = control;
  const isMissing = recovery === null;
  return (
    <div className="flex flex-col gap-6">
      <p className="text-sm">
        Claims are paid to {recipient ? <Address address={recipient} /> : 'this account itself'}.
        {control.isHeld && ' A move of this account to another wallet waits; claims wait until it is decided.'}
      </p>
      <PendingChange control={control} nowMs={nowMs} />
      <div className="grid grid-cols-1 gap-8 lg:grid-cols-2">
        <Recipient control={control} />
        <Recovery account={account} />
      </div>
      <p className="prose-measure text-xs text-muted">
        {isMissing
          ? 'Nobody was named yet. Until this account acts once, the rotation authority could move it after a long delay; naming somebody, or yourself, ends that for ever.'
          : recovery.toLowerCase() === account
            ? 'Nobody but this account can move its earnings.'
            : 'When the key is lost, the account named above can have the earnings moved, after a delay in which this account can refuse.'}
      </p>
    </div>
  );
}

function Recipient({ control }: { control: AccountControl }) {
  const { config } = useWalletContext();
  const [text, setText] = useState('');
  const to = isAddress(text) ? text : null;
  return (
    <div className="flex flex-col gap-3">
      <AddressField label="Pay my claims to" value={text} onChange={setText} hint="Empty for this account itself." />
      <TransactionButton
        storageKey={`recipient:${control.account}`}
        variant="secondary"
        label={to || control.recipient === null ? 'Announce the change' : 'Announce: back to this account'}
        disabled={text === '' ? control.recipient === null : to === null}
        what={`Announces it on chain. After ${durationWords(control.delaySeconds)} anybody can put it in force, and until then you can take it back: a stolen key cannot redirect your earnings at once.`}
        done="Announced. The clock runs."
        call={() =>
          contractCall({
            address: config.addresses.attributionLedger,
            abi: attributionLedgerAbi,
            functionName: 'setRecipient',
            args: [control.account, to ?? control.account],
          })
        }
      />
    </div>
  );
}

function Recovery({ account }: { account: `0x${string}` }) {
  const { config } = useWalletContext();
  const [text, setText] = useState('');
  const key = isAddress(text) ? text : null;
  return (
    <div className="flex flex-col gap-3">
      <AddressField
        label="Who may rescue this account"
        value={text}
        onChange={setText}
        hint="Another wallet of yours, or this account itself for nobody."
      />
      <TransactionButton
        storageKey={`recovery:${account}`}
        variant="secondary"
        label="Name it"
        disabled={key === null}
        what="From then on this account can sign that your earnings move to another wallet, should you lose this one. It waits, and you can refuse meanwhile."
        done="Named."
        call={() =>
          contractCall({
            address: config.addresses.attributionLedger,
            abi: attributionLedgerAbi,
            functionName: 'setRecovery',
            args: [account, key!],
          })
        }
      />
    </div>
  );
}

function AddressField(props: { label: string; hint: string; value: string; onChange: (text: string) => void }) {
  const { value } = props;
  const error =
    value === '' || isAddress(value) ? undefined : 'An account is 0x and 40 hex digits; one of them is mistyped.';
  return (
    <Field label={props.label} hint={props.hint} error={error}>
      {(control) => (
        <Input {...control} mono value={value} onChange={(event) => props.onChange(event.target.value.trim())} />
      )}
    </Field>
  );
}
