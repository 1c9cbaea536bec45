'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { toast } from '#components/ui/toast.ts';
import { useOpenedFocus } from '#components/ui/use-opened-focus.ts';
import type { ImprovementRole, RowData } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { ActionProblem } from './action-problem.tsx';
import { type Action, type ActionError, runAction } from './action-types.ts';

export type ImproveAction = Action<
  { exampleId: string; role: ImprovementRole; data: RowData; note: string; idempotencyKey: string },
  { exampleId: string; datanetSlug: string }
>;

const kinds: Record<ImprovementRole, { name: string; means: string; note: string }> = {
  clean: {
    name: 'Clean it: spelling, form, wording',
    means: 'Your version replaces this row. You have a fifth of what it earns; its author keeps about three quarters.',
    note: 'What was wrong?',
  },
  label: {
    name: 'Correct the answer',
    means:
      'Your version replaces this row; the question stays. You have about a third of what it earns, its author the rest.',
    note: 'What is wrong with the answer, and how do you know?',
  },
  translate: {
    name: 'Translate it',
    means: 'Your translation stands beside this row. You and the people behind this row share what it earns by halves.',
    note: 'From which language into which?',
  },
};

/** Proposes a better version of a row; a curator decides. */
export function ImproveForm({
  exampleId,
  data,
  fields,
  improve,
  onClose,
}: {
  exampleId: string;
  data: RowData;
  fields: readonly DatanetField[];
  improve: ImproveAction;
  onClose: () => void;
}) {
  const router = useRouter();
  const form = useOpenedFocus<HTMLFormElement>();
  const [role, setRole] = useState<ImprovementRole>('clean');
  const [text, setText] = useState(data);
  const [note, setNote] = useState('');
  const [key] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  // The question of a corrected answer stays as it is, whatever was typed before.
  const isFixed = (i: number) => role === 'label' && i === 0 && fields.length > 1;
  const textOf = (name: string, i: number) => (isFixed(i) ? data[name] : text[name]) ?? '';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const sent = Object.fromEntries(fields.map(({ name }, i) => [name, textOf(name, i)]));
    const result = await runAction(improve, { exampleId, role, data: sent, note, idempotencyKey: key });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success('Proposed; a curator decides about it.');
    router.push(`/datanets/${result.data.datanetSlug}/rows/${result.data.exampleId}`);
  };
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-4 border-l-2 border-accent py-1 pl-4">
      <Field label="What do you do?" hint={kinds[role].means}>
        {(control) => (
          <Select {...control} value={role} onChange={(event) => setRole(event.target.value as ImprovementRole)}>
            {Object.entries(kinds).map(([value, { name }]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {fields.map(({ name, label, maxChars }, i) => (
        <Field key={name} label={label} error={error?.fieldErrors?.[name]}>
          {(control) => (
            <Textarea
              {...control}
              name={name}
              rows={i === 0 ? 2 : 4}
              maxLength={maxChars}
              readOnly={isFixed(i)}
              value={textOf(name, i)}
              onChange={(event) => setText({ ...text, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field label={kinds[role].note} hint="The curator reads this.">
        {(control) => (
          <Input {...control} value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="primary" busy={busy} disabled={note.trim().length < 3}>
          Propose it
        </Button>
        <Button size="sm" variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
