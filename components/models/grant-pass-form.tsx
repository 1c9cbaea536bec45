'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { PassKind } from '#lib/passes/types.ts';
import type { AccessActions } from './access-types.ts';
import { SaidLine } from './said-line.tsx';
import { useAccessAction } from './use-access-action.ts';

/** For the owner: a pass for somebody, for nothing. */
export function GrantPassForm({ model, grant }: { model: string } & Pick<AccessActions, 'grant'>) {
  const { busy, said, run } = useAccessAction();
  const [holder, setHolder] = useState('');
  const [kind, setKind] = useState<PassKind>('days');
  const [amount, setAmount] = useState('30');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const call = () => grant({ model, holder, terms: { kind, amount: Number(amount) } });
    if (await run(call, 'Granted.', 'The server did not answer. Load the page anew to see whether it was granted.'))
      setHolder('');
  };
  return (
    <form onSubmit={submit} className="flex max-w-2xl flex-col items-start gap-3" aria-label="Grant a pass">
      <h3 className="title-small">Grant a pass</h3>
      <Field label="Account" hint="0x and 40 digits. You can take back what you granted at any time.">
        {(control) => (
          <Input {...control} mono required value={holder} onChange={(event) => setHolder(event.target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Field label="How many">
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              pattern="[1-9][0-9]*"
              required
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
            />
          )}
        </Field>
        <Field label="Of what">
          {(control) => (
            <Select {...control} value={kind} onChange={(event) => setKind(event.target.value as PassKind)}>
              <option value="days">days</option>
              <option value="answers">answers</option>
            </Select>
          )}
        </Field>
      </div>
      <Button type="submit" busy={busy}>
        Grant it
      </Button>
      <SaidLine said={said} />
    </form>
  );
}
