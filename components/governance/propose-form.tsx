'use client';

import { useState } from 'react';
import { encodeFunctionData, stringToHex } from 'viem';
import { Amount } from '#components/ui/amount.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { TransactionButton } from '#components/wallet/transaction/transaction-button.tsx';
import { contractCall } from '#components/wallet/transaction/types.ts';
import { useWalletContext } from '#components/wallet/wallet-boundary.tsx';
import { openGovernorAbi } from '#contracts-abi/open-governor.ts';
import { paramsAbi } from '#contracts-abi/params.ts';
import { parseParameter, proposalText } from '#lib/governance/rules.ts';
import type { ParameterView, Voter } from '#lib/governance/types.ts';
import { parameterName, parameterValue } from './parameter-text.ts';

const units = { bps: 'per cent', wei: 'OPEN', seconds: 'seconds' };

/** A proposal to change one parameter. What it will do is said in words before it is signed; other calls come from tools. */
export function ProposeForm({ parameters, voter }: { parameters: readonly ParameterView[]; voter: Voter }) {
  const { config } = useWalletContext();
  const [name, setName] = useState(parameters[0]?.name ?? '');
  const [text, setText] = useState('');
  const [why, setWhy] = useState('');
  const { openGovernor, params } = config.addresses;
  const parameter = parameters.find((one) => one.name === name);
  if (!openGovernor || !params || !parameter) return null;
  const { unit, current, min, max } = parameter;
  const value = text === '' ? null : parseParameter(text, parameter);
  const mayPropose = voter.votesWei >= voter.thresholdWei;
  const title = `${parameterName(name)}: from ${parameterValue(current, unit)} to ${value?.ok ? parameterValue(value.value, unit) : '…'}`;
  const isReady = value?.ok === true && why.trim().length >= 10 && mayPropose;
  return (
    <div className="flex max-w-xl flex-col gap-4">
      <Field label="Parameter">
        {(control) => (
          <Select {...control} value={name} onChange={(event) => setName(event.target.value)}>
            {parameters.map((one) => (
              <option key={one.name} value={one.name}>
                {parameterName(one.name)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label={`New value in ${units[unit]}`}
        hint={`Now ${parameterValue(current, unit)}; possible from ${parameterValue(min, unit)} to ${parameterValue(max, unit)}.`}
        error={value?.ok === false ? value.error : undefined}
      >
        {(control) => (
          <Input {...control} mono inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} />
        )}
      </Field>
      <Field label="Why" hint="Public for ever, with your account. At least ten characters.">
        {(control) => (
          <Textarea
            {...control}
            rows={4}
            maxLength={4_000}
            value={why}
            onChange={(event) => setWhy(event.target.value)}
          />
        )}
      </Field>
      {!mayPropose && (
        <p className="text-sm text-warn">
          You have <Amount wei={voter.votesWei} unit={false} /> votes and a proposal needs{' '}
          <Amount wei={voter.thresholdWei} unit={false} digits={0} />. Wrap and delegate the rest above.
        </p>
      )}
      <TransactionButton
        storageKey="propose"
        label="Propose it"
        disabled={!isReady}
        what={`Proposes “${title}”. If it is accepted and executed, the value holds from the epoch after that on.`}
        done="The proposal is on chain."
        call={() => {
          if (value?.ok !== true) throw new Error('Type a value within the bounds first.');
          const data = encodeFunctionData({
            abi: paramsAbi,
            functionName: 'set',
            args: [stringToHex(name, { size: 32 }), value.value, 0n],
          });
          const description = proposalText(title, why, voter.account);
          return contractCall({
            address: openGovernor,
            abi: openGovernorAbi,
            functionName: 'propose',
            args: [[params], [0n], [data], description],
          });
        }}
      />
    </div>
  );
}
