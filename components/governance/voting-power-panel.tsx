'use client';

import { useState } from 'react';
import { isAddress } from 'viem/utils';
import { AmountField } from '#components/staking/amount-field.tsx';
import { readAmount } from '#components/staking/read-amount.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { governanceOpenAbi } from '#contracts-abi/governance-open.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import type { Voter } from '#lib/governance/types.ts';

/** Getting, giving and giving back votes: wrap OPEN as GOPEN and say who votes with it. Unwrapping is possible at any time. */
export function VotingPowerPanel({ voter }: { voter: Voter }) {
  const { config } = useWalletContext();
  const [text, setText] = useState('');
  const [to, setTo] = useState<string>(voter.account);
  const wrapped = config.addresses.governanceOpen;
  if (!wrapped) return null;
  const amount = text === '' ? null : readAmount(text, voter.openWei, 'Your wallet has');
  const delegatee = isAddress(to) ? to : null;
  const gopen = { address: wrapped, abi: governanceOpenAbi } as const;
  const wei = amount?.wei ?? 0n;
  return (
    <div className="flex flex-col gap-6">
      <StatRow>
        <Stat
          label="Your votes now"
          value={<Amount wei={voter.votesWei} unit={false} />}
          note="own and delegated to you"
        />
        <Stat label="Your GOPEN" value={<Amount wei={voter.wrappedWei} unit={false} />} />
        <Stat
          label="Who votes with it"
          value={
            voter.delegate ? (
              <Address address={voter.delegate} you={voter.delegate.toLowerCase() === voter.account} />
            ) : (
              'nobody yet'
            )
          }
        />
        <Stat label="Needed to propose" value={<Amount wei={voter.thresholdWei} unit={false} digits={0} />} />
      </StatRow>
      <div className="grid grid-cols-1 gap-8 lg:grid-cols-2">
        <div className="flex flex-col gap-3">
          <AmountField
            label="OPEN to wrap"
            hint={
              <>
                In your wallet: <Amount wei={voter.openWei} />. Staked OPEN does not vote.
              </>
            }
            value={text}
            onChange={setText}
            maxWei={voter.openWei}
            error={amount?.error}
          />
          <TransactionButton
            storageKey="gopen-approve"
            variant="secondary"
            label="1. Approve the amount"
            disabled={wei === 0n}
            what="Allows GOPEN to take exactly this amount."
            done="Approved. Now wrap."
            call={contractCall({
              address: config.addresses.openToken,
              abi: openTokenAbi,
              functionName: 'approve',
              args: [wrapped, wei],
            })}
          />
          <TransactionButton
            storageKey="gopen-wrap"
            label="2. Wrap and delegate"
            disabled={wei === 0n || !delegatee}
            what="Wraps it one for one and gives the votes of all your GOPEN to the account on the right. It counts for proposals whose snapshot comes after this."
            done="The votes count from now on."
            call={() => contractCall({ ...gopen, functionName: 'wrapAndDelegate', args: [wei, delegatee!] })}
          />
        </div>
        <div className="flex flex-col gap-3">
          <Field
            label="Who votes with your GOPEN"
            hint="Yourself, or somebody you trust to vote. They can never move it."
            error={delegatee ? undefined : 'An account is 0x and 40 hex digits.'}
          >
            {(control) => <Input {...control} mono value={to} onChange={(event) => setTo(event.target.value.trim())} />}
          </Field>
          <TransactionButton
            storageKey="gopen-delegate"
            variant="secondary"
            label="Delegate"
            disabled={voter.wrappedWei === 0n || !delegatee}
            what="Gives the votes of the GOPEN that you have to this account, from now on and until you say otherwise."
            done="Delegated."
            call={() => contractCall({ ...gopen, functionName: 'delegate', args: [delegatee!] })}
          />
          <TransactionButton
            storageKey="gopen-unwrap"
            variant="quiet"
            label="Unwrap everything"
            disabled={voter.wrappedWei === 0n}
            what={
              <>
                Turns <Amount wei={voter.wrappedWei} unit={false} /> GOPEN back into OPEN. Votes already cast stay.
              </>
            }
            done="The OPEN is in your wallet."
            call={contractCall({ ...gopen, functionName: 'withdrawTo', args: [voter.account, voter.wrappedWei] })}
          />
        </div>
      </div>
    </div>
  );
}
