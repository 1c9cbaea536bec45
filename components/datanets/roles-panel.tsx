'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { ActionProblem } from './action-problem.tsx';
import { type Action, type ActionError, runAction } from './action-types.ts';

type RoleInput = { datanetId: string; address: string; role: 'curator'; granted: boolean };

/** The owner appoints curators and lets them go. */
export function RolesPanel({
  datanet,
  setRole,
}: {
  datanet: Pick<DatanetDetail, 'id' | 'curators'>;
  setRole: Action<RoleInput, unknown>;
}) {
  const router = useRouter();
  const none = datanet.curators.length === 0;
  const [open, setOpen] = useState(none);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const change = async (address: string, granted: boolean) => {
    setBusy(true);
    const result = await runAction(setRole, { datanetId: datanet.id, address, role: 'curator', granted });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return false;
    toast.success(granted ? 'Curator appointed' : 'Curator removed');
    router.refresh();
    return true;
  };
  const appoint = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (await change(String(new FormData(form).get('address')), true)) form.reset();
  };
  return (
    <details
      className="border-b border-hairline pb-2 text-sm"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="min-h-6 py-1 font-medium">Curators{none && ': appoint one'}</summary>
      <div className="flex max-w-2xl flex-col gap-4 py-3">
        <p className="prose-measure text-sm text-muted">
          Curators decide which rows come in. Nobody decides about own rows, you included: without a second person the
          rows that you write yourself cannot be accepted.
        </p>
        <ul className="flex flex-col">
          {datanet.curators.map((address) => (
            <li key={address} className="flex min-h-9 items-center justify-between gap-4 border-b border-hairline">
              <Address address={address} />
              <Button size="sm" variant="quiet" disabled={busy} onClick={() => change(address, false)}>
                Remove<span className="sr-only"> {address}</span>
              </Button>
            </li>
          ))}
        </ul>
        <form onSubmit={appoint} className="flex flex-col gap-3">
          <Field label="Account of a new curator" error={error?.fieldErrors?.address}>
            {(control) => (
              <Input
                {...control}
                name="address"
                mono
                required
                placeholder="0x…"
                autoComplete="off"
                spellCheck={false}
              />
            )}
          </Field>
          <div>
            <Button type="submit" busy={busy}>
              Appoint
            </Button>
          </div>
        </form>
        {!error?.fieldErrors && <ActionProblem error={error} />}
      </div>
    </details>
  );
}
