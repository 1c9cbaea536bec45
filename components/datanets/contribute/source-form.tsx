'use client';

import { type FormEvent, useRef } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { RowData } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import type { Draft } from './draft.ts';

/** Type rows one by one; Ctrl or Cmd with Enter adds the row. */
export function SourceForm({
  draft,
  fields,
  change,
}: {
  draft: Draft;
  fields: readonly DatanetField[];
  change: (change: Partial<Draft>) => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const row = draft.formRow;
  const complete = fields.every(({ name }) => row[name]?.trim());
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!complete) return;
    change({ formRows: [...draft.formRows, row], formRow: {} });
    form.current?.querySelector('textarea')?.focus();
  };
  const set = (name: string, value: string) => change({ formRow: { ...row, [name]: value } as RowData });
  return (
    <form
      ref={form}
      onSubmit={add}
      onKeyDown={(event) => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && add(event)}
      className="flex max-w-3xl flex-col gap-4"
    >
      {fields.map((field, i) => {
        const length = [...(row[field.name]?.trim() ?? '')].length;
        return (
          <Field
            key={field.name}
            label={field.label}
            hint={`${length} of ${field.maxChars} characters`}
            error={length > field.maxChars ? `Shorten it by ${length - field.maxChars} characters.` : undefined}
          >
            {(control) => (
              <Textarea
                {...control}
                name={field.name}
                rows={i === 0 ? 2 : 4}
                value={row[field.name] ?? ''}
                onChange={(event) => set(field.name, event.target.value)}
              />
            )}
          </Field>
        );
      })}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" disabled={!complete}>
          Add this row
        </Button>
        <span className="text-xs text-muted">
          {draft.formRows.length === 0
            ? 'Add as many as you like; nothing is sent yet.'
            : `${draft.formRows.length} added, not sent yet.`}
        </span>
      </div>
    </form>
  );
}
