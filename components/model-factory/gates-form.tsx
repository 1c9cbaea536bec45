'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { SetGatesInput } from '#lib/evaluation/schema.ts';
import type { Gates } from '#lib/evaluation/types.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

const fields: readonly { key: keyof Gates; label: string }[] = [
  { key: 'minGainPercent', label: 'Fall of perplexity, at least %' },
  { key: 'minWinPercent', label: 'Rows told better, at least %' },
  { key: 'minF1Percent', label: 'Words shared with right answers, at least %' },
  { key: 'maxContaminatedPercent', label: 'Rows seen in training, at most %' },
  { key: 'maxCalibrationPercent', label: 'Calibration error, at most %' },
];

export type SetGatesAction = (input: SetGatesInput) => Promise<ActionResult<void>>;

/** What the owner asks of the adapter before it may be published; an empty field asks nothing. Folded away until wanted. */
export function GatesForm({ evaluationId, gates, save }: { evaluationId: string; gates: Gates; save: SetGatesAction }) {
  const router = useRouter();
  const [values, setValues] = useState(() =>
    Object.fromEntries(fields.map(({ key }) => [key, gates[key] === null ? '' : String(gates[key])])),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const faulty = fields.filter(
    ({ key }) => values[key] !== '' && !(Number(values[key]) >= 0 && Number(values[key]) <= 100),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const asked = Object.fromEntries(fields.map(({ key }) => [key, values[key] === '' ? null : Number(values[key])]));
    const result = await save({ evaluationId, gates: asked as Gates }).catch(() => null);
    setBusy(false);
    setError(result?.ok ? null : (result?.error.message ?? 'The server did not answer. Try again.'));
    if (result?.ok) router.refresh();
  };
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted hover:text-ink">Change the gates</summary>
      <form onSubmit={submit} className="mt-4 flex flex-col items-start gap-4">
        <p className="prose-measure text-muted">
          Everybody sees them beside the measured figures, also where they ask for less than usual.
        </p>
        <div className="grid w-full gap-4 sm:grid-cols-2">
          {fields.map(({ key, label }) => (
            <Field
              key={key}
              label={label}
              error={faulty.some((one) => one.key === key) ? 'A number from 0 to 100.' : undefined}
            >
              {(control) => (
                <Input
                  {...control}
                  mono
                  inputMode="decimal"
                  value={values[key]}
                  onChange={({ target }) => setValues({ ...values, [key]: target.value.trim() })}
                />
              )}
            </Field>
          ))}
        </div>
        <Button type="submit" busy={busy} disabled={faulty.length > 0}>
          Save the gates
        </Button>
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
      </form>
    </details>
  );
}
