'use client';

import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { formatOpen } from '#lib/kernel/money.ts';

/** An amount of OPEN with a button for all of it. */
export function AmountField(props: {
  label: string;
  hint: ReactNode;
  value: string;
  onChange: (text: string) => void;
  maxWei: bigint;
  error: string | undefined;
}) {
  return (
    <Field label={props.label} hint={props.hint} error={props.error}>
      {(control) => (
        <div className="flex max-w-sm gap-2">
          <Input
            {...control}
            mono
            inputMode="decimal"
            autoComplete="off"
            value={props.value}
            onChange={(event) => props.onChange(event.target.value)}
          />
          <Button onClick={() => props.onChange(formatOpen(props.maxWei).replaceAll(',', ''))}>All</Button>
        </div>
      )}
    </Field>
  );
}
