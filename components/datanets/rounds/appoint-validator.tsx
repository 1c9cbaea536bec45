'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type Action, type ActionError, runAction } from '../action-types.ts';

type RoleInput = { datanetId: string; address: string; role: 'validator'; granted: boolean };

/** The owner appoints validators, or takes the role back by the same form. */
export function AppointValidator({ datanetId, setRole }: { datanetId: string; setRole: Action<RoleInput, unknown> }) {
  const router = useRouter();
  const [address, setAddress] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const change = async (granted: boolean) => {
    setBusy(true);
    const result = await runAction(setRole, { datanetId, address: address.trim(), role: 'validator', granted });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    toast.success(granted ? 'Validator appointed' : 'Validator removed');
    setAddress('');
    router.refresh();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void change(true);
  };
  const isReady = address.trim() !== '';
  return (
    <form onSubmit={submit} className="mt-4 flex max-w-xl flex-col gap-3">
      <Field label="Account of a validator" error={error?.fieldErrors?.address}>
        {(control) => (
          <Input
            {...control}
            mono
            placeholder="0x…"
            autoComplete="off"
            spellCheck={false}
            value={address}
            onChange={(event) => setAddress(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" busy={busy} disabled={!isReady}>
          Appoint
        </Button>
        <Button size="sm" variant="quiet" disabled={busy || !isReady} onClick={() => change(false)}>
          Remove
        </Button>
      </div>
      {!error?.fieldErrors?.address && <ActionProblem error={error} />}
    </form>
  );
}
