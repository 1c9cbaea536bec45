'use client';

import { useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { openGovernorAbi } from '#contracts-abi/open-governor.ts';
import type { Ballot, ProposalView } from '#lib/governance/types.ts';
import { formatOpenShort } from '#lib/kernel/money.ts';

/** GovernorCountingSimple's numbers. */
const choices = { for: 1, against: 0, abstain: 2 } as const;
type Choice = keyof typeof choices;

/** Casting a vote. Before the signature: its weight, whose moment counts, and that it cannot be changed; without weight, why. */
export function VotePanel({ proposal, ballot }: { proposal: ProposalView; ballot: Ballot }) {
  const { config } = useWalletContext();
  const [choice, setChoice] = useState<Choice>('for');
  const [reason, setReason] = useState('');
  const address = config.addresses.openGovernor;
  if (!address) return null;
  if (ballot.hasVoted) return <p className="text-sm">You have voted on this proposal. A vote cannot be changed.</p>;
  const weight = formatOpenShort(ballot.weightWei, 4);
  const hasNone = ballot.weightWei === 0n;
  return (
    <div className="flex flex-col gap-4">
      <p className="prose-measure text-sm" data-testid="voting-weight">
        Your vote weighs <strong className="figures">{weight}</strong>: what was delegated to you on{' '}
        <TimeAgo at={proposal.snapshotAt} mode="date" />.{' '}
        {hasNone &&
          (ballot.isFixed
            ? 'You had no votes at that moment, and nothing changes that any more. For the next proposal wrap OPEN and delegate it, also to yourself.'
            : 'You have none yet: wrap OPEN and delegate it before that moment.')}
      </p>
      <div className="grid max-w-xl grid-cols-1 gap-4 sm:grid-cols-2">
        <Field label="Your vote">
          {(control) => (
            <Select {...control} value={choice} onChange={(event) => setChoice(event.target.value as Choice)}>
              <option value="for">For</option>
              <option value="against">Against</option>
              <option value="abstain">Abstain (counts for the quorum)</option>
            </Select>
          )}
        </Field>
        <Field label="Reason, public" required={false}>
          {(control) => (
            <Input {...control} maxLength={280} value={reason} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
      </div>
      <TransactionButton
        storageKey={`vote:${proposal.id}`}
        label={`Vote ${choice}`}
        disabled={hasNone || proposal.state !== 'active'}
        what={`Casts ${weight} votes ${choice === 'abstain' ? 'as an abstention' : choice} on chain, with your name, for “${proposal.title}”. It cannot be changed; it costs the network fee only.`}
        done="Your vote is counted."
        call={() =>
          contractCall({
            address,
            abi: openGovernorAbi,
            functionName: 'castVoteWithReason',
            args: [BigInt(proposal.id), choices[choice], reason],
          })
        }
      />
    </div>
  );
}
