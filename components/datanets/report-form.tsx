'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.ts';
import { useOpenedFocus } from '#components/ui/use-opened-focus.ts';
import { ActionProblem } from './action-problem.tsx';
import { type Action, type ActionError, runAction } from './action-types.ts';

export type ReportAction = Action<{ exampleId: string; text: string }, unknown>;

/** Tells the curators what is wrong with a row. */
export function ReportForm({
  exampleId,
  report,
  onClose,
}: {
  exampleId: string;
  report: ReportAction;
  onClose: () => void;
}) {
  const form = useOpenedFocus<HTMLFormElement>();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await runAction(report, { exampleId, text });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success('Reported to the curators.');
    onClose();
  };
  return (
    <form ref={form} onSubmit={submit} className="flex flex-col gap-4 border-l-2 border-accent py-1 pl-4">
      <Field
        label="What is wrong with this row?"
        hint="The curators read it. If one agrees and somebody mends the row, you have a small part of what it earns."
      >
        {(control) => (
          <Input {...control} value={text} maxLength={500} onChange={(event) => setText(event.target.value)} />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="primary" busy={busy} disabled={text.trim().length < 3}>
          Report
        </Button>
        <Button size="sm" variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
