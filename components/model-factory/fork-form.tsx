'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Input } from '#components/ui/input.tsx';
import type { ActionResult } from '#lib/kernel/result.ts';
import type { ForkTrainingRunInput } from '#lib/model-factory/schema.ts';
import { faultOfField, recipeFields } from './recipe-fields.ts';
import { useLaunch } from './use-launch.ts';
import type { RegisterVoucher } from './use-training-payment.ts';

export type ForkAction = (input: ForkTrainingRunInput) => Promise<ActionResult<{ runId: string }>>;

const changed = ['epochs', 'learningRate', 'seed'] as const;
const fieldOf = (path: string) => recipeFields.find((field) => field.path === path)!;

/** Starts a new run from the newest checkpoint of this one, with other passes, rate and seed; folded away until wanted. */
export function ForkForm({
  runId,
  name,
  step,
  recipe,
  fork,
  registerVoucher,
}: {
  runId: string;
  name: string;
  step: number;
  recipe: Record<string, unknown>;
  fork: ForkAction;
  registerVoucher: RegisterVoucher;
}) {
  const { launch, busy, error } = useLaunch(fork, registerVoucher);
  const [values, setValues] = useState(changed.map((path) => recipe[path]));
  const faults = changed.map((path, i) => faultOfField(fieldOf(path), values[i]));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const change = Object.fromEntries(changed.map((path, i) => [path, values[i]]));
    void launch({ runId, name: `${name.slice(0, 50)}, forked`, change });
  };
  return (
    <details id="fork" className="text-sm">
      <summary className="cursor-pointer text-muted hover:text-ink">Fork this run</summary>
      <form onSubmit={submit} className="mt-4 flex flex-col items-start gap-4">
        <p className="prose-measure text-muted">
          A new run starts from the checkpoint of step {step}, on the same version. It is not certified attributable.
        </p>
        <div className="grid w-full gap-4 sm:grid-cols-3">
          {changed.map((path, i) => (
            <Field key={path} label={fieldOf(path).label} error={faults[i] ?? undefined}>
              {(control) => (
                <Input
                  {...control}
                  mono
                  type="number"
                  step="any"
                  value={typeof values[i] === 'number' ? (values[i] as number) : ''}
                  onChange={({ target }) =>
                    setValues(values.with(i, target.value === '' ? null : Number(target.value)))
                  }
                />
              )}
            </Field>
          ))}
        </div>
        <Button type="submit" busy={busy} disabled={faults.some((fault) => fault !== null)}>
          <Icon name="fork" className="size-3.5" /> Fork
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
