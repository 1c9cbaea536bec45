'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { toast } from '#components/ui/toast.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type Action, type ActionError, runAction } from '../action-types.ts';

type Gold = { datanetId: string; data: Record<string, string>; verdict: 'accept' | 'reject'; why: string };
export type AddGoldAction = Action<Gold, { added: boolean }>;

/** The owner's gold rows: rows with a known verdict, put unseen among others. */
export function GoldRowForm({
  datanetId,
  fields,
  add,
}: {
  datanetId: string;
  fields: readonly DatanetField[];
  add: AddGoldAction;
}) {
  const router = useRouter();
  const [data, setData] = useState<Record<string, string>>({});
  const [verdict, setVerdict] = useState<Gold['verdict']>('accept');
  const [why, setWhy] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await runAction(add, { datanetId, data, verdict, why });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success(result.data.added ? 'Added. Nobody sees which places are gold.' : 'This gold row is there already.');
    setData({});
    setWhy('');
    router.refresh();
  };
  const isReady = fields.every(({ name }) => data[name]?.trim()) && why.trim().length >= 3;
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-4">
      {fields.map(({ name, label, maxChars }) => (
        <Field key={name} label={label}>
          {(control) => (
            <Textarea
              {...control}
              value={data[name] ?? ''}
              maxLength={maxChars}
              onChange={(event) => setData((old) => ({ ...old, [name]: event.target.value }))}
            />
          )}
        </Field>
      ))}
      <Field label="Right verdict">
        {(control) => (
          <Select
            {...control}
            value={verdict}
            onChange={(event) => setVerdict(event.target.value === 'reject' ? 'reject' : 'accept')}
          >
            <option value="accept">Accept</option>
            <option value="reject">Reject</option>
          </Select>
        )}
      </Field>
      <Field label="Why?" hint="Kept with the row.">
        {(control) => (
          <Input {...control} value={why} maxLength={500} onChange={(event) => setWhy(event.target.value)} />
        )}
      </Field>
      <div>
        <Button type="submit" size="sm" busy={busy} disabled={!isReady}>
          Add gold row
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
