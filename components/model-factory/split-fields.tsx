'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { RevenueSplit } from '#lib/model-factory/types.ts';

const roles: Record<keyof RevenueSplit, { label: string; hint: string }> = {
  data: { label: 'Data', hint: 'contributors, by influence' },
  model: { label: 'Model', hint: 'you, who trained it' },
  app: { label: 'App', hint: 'whoever brings the caller' },
  infra: { label: 'Serving', hint: 'the server that answers' },
  validators: { label: 'Curators', hint: 'who accepted the rows' },
};

/** Five shares in percent that must make 100; says what is missing while it is typed. */
export function SplitFields({
  split,
  errors,
  protocolFeeBps,
  onChange,
}: {
  split: Record<keyof RevenueSplit, string>;
  errors: Record<string, string>;
  protocolFeeBps: number;
  onChange: (split: Record<keyof RevenueSplit, string>) => void;
}) {
  const sum = Object.values(split).reduce((total, text) => total + (Number(text) || 0), 0);
  const rounded = Math.round(sum * 100) / 100;
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="text-sm font-medium">Who earns from each answer</legend>
      <p className="text-xs text-muted">
        Shares of what is left after the protocol’s fee of {protocolFeeBps / 100} %. They stand on chain; a change takes
        effect only after a delay.
      </p>
      <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-5">
        {(Object.keys(roles) as (keyof RevenueSplit)[]).map((role) => (
          <Field key={role} label={roles[role].label} hint={roles[role].hint} error={errors[`split.${role}`]}>
            {(control) => (
              <Input
                {...control}
                mono
                inputMode="decimal"
                value={split[role]}
                onChange={(event) => onChange({ ...split, [role]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <p role="status" className={rounded === 100 ? 'text-xs text-muted' : 'text-xs text-bad'}>
        Together {rounded} %{rounded === 100 ? '.' : '; they must make 100 %.'}
      </p>
    </fieldset>
  );
}
