'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type Action, type ActionError, runAction } from '../action-types.ts';

export type ReasonAction = Action<{ exampleId: string; reason: string }, unknown>;

/** One act on a row that needs a public reason: an appeal, or an owner's veto. */
export function ReasonForm({
  exampleId,
  label,
  hint,
  submitLabel,
  done,
  run,
}: {
  exampleId: string;
  label: string;
  hint: string;
  submitLabel: string;
  /** Said when it is done. */
  done: string;
  run: ReasonAction;
}) {
  const router = useRouter();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await runAction(run, { exampleId, reason });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success(done);
    router.refresh();
  };
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-3 border-l-2 border-hairline py-1 pl-4">
      <Field label={label} hint={hint}>
        {(control) => (
          <Input {...control} value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <div>
        <Button type="submit" size="sm" busy={busy} disabled={reason.trim().length < 3}>
          {submitLabel}
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
