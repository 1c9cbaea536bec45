'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import type { ActionError } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.ts';
import { useOpenedFocus } from '#components/ui/use-opened-focus.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

/** An act on a comment that needs a reason: reporting, hiding, restoring. */
export function ReasonForm({
  label,
  hint,
  verb,
  done,
  send,
  onClose,
}: {
  label: string;
  hint: string;
  verb: string;
  done: string;
  send: (reason: string) => Promise<ActionResult<unknown>>;
  onClose: () => void;
}) {
  const router = useRouter();
  const form = useOpenedFocus<HTMLFormElement>();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await send(reason);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success(done);
    onClose();
    router.refresh();
  };
  return (
    <form ref={form} onSubmit={submit} className="flex max-w-xl flex-col gap-3">
      <Field label={label} hint={hint}>
        {(control) => (
          <Input {...control} value={reason} maxLength={300} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" busy={busy} disabled={reason.trim().length < 3}>
          {verb}
        </Button>
        <Button size="sm" variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
