'use client';

import { useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { bountiesAbi } from '#contracts-abi/bounties.ts';
import { formatOpen } from '#lib/kernel/money.ts';
import { ApproveButton } from './approve-button.tsx';
import { readTerms, startTerms, type TermsText } from './read-terms.ts';

type Props = {
  goalId: string;
  goalHash: `0x${string}`;
  kind: 'data' | 'run';
  registryId: string | null;
  /** Least time to object, as the contract of this chain has it. */
  minWindowSeconds: number;
};

/** Opening a bounty on chain: its terms, which nobody can change afterwards, and the author's first gift. */
export function OpenForm({ goalId, goalHash, kind, registryId, minWindowSeconds }: Props) {
  const { config } = useWalletContext();
  const [text, setText] = useState<TermsText>(startTerms);
  const address = config.addresses.bounties;
  if (!address) return <p className="text-sm text-muted">This chain has no escrow for bounties yet.</p>;
  const read = readTerms(text, kind, registryId, minWindowSeconds);
  const field = (name: keyof TermsText, label: string, hint: string) => (
    <Field label={label} hint={hint} error={'errors' in read ? read.errors[name] : undefined}>
      {(control) => (
        <Input
          {...control}
          mono
          autoComplete="off"
          value={text[name]}
          onChange={(event) => setText((before) => ({ ...before, [name]: event.target.value }))}
        />
      )}
    </Field>
  );
  return (
    <div className="flex max-w-2xl flex-col gap-5">
      <div className="grid gap-5 sm:grid-cols-2">
        {kind === 'data'
          ? field('unit', 'OPEN for a row', 'The same for each row; a row is awarded once.')
          : field(
              'judge',
              'Judge',
              'The account that says whether the goal was reached. It cannot pay itself unless the model is its own.',
            )}
        {field(
          'target',
          'Target in OPEN',
          kind === 'data' ? '0: any sum is enough.' : 'Below it, everything goes back at once.',
        )}
        {field('fundDays', 'Days for gifts', 'Awards begin when these are over. 0.01 is a quarter of an hour.')}
        {field('awardDays', 'Days for awards after that', 'What nobody was awarded then goes back.')}
        {field('windowHours', 'Hours to object', 'After each award, before it is paid.')}
        {field(
          'firmPercent',
          'Firm part in %',
          'What a sponsor’s objection cannot take back. 100: the deciders’ word is final.',
        )}
        {field('gift', 'Your gift in OPEN', '0 opens it without money.')}
      </div>
      {'terms' in read && (
        <>
          {read.giftWei > 0n && <ApproveButton storageKey={`bounty-approve:${goalId}`} wei={read.giftWei} first />}
          <TransactionButton
            storageKey={`bounty-open:${goalId}`}
            label={`${read.giftWei > 0n ? '2. ' : ''}Open with ${formatOpen(read.giftWei)} OPEN`}
            what="Writes these terms and the goal’s hash on chain. Nobody can change them afterwards, you included, and nobody can take the money out in another way."
            done="Open; the page shows it as soon as the block is read."
            call={() => {
              const now = Math.floor(Date.now() / 1000);
              const terms = {
                ...read.terms,
                fundUntil: now + read.fundSeconds,
                deadline: now + read.fundSeconds + read.awardSeconds,
              };
              return contractCall({
                address,
                abi: bountiesAbi,
                functionName: 'open',
                args: [goalHash, terms, read.giftWei],
              });
            }}
          />
        </>
      )}
    </div>
  );
}
