'use client';

import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import type { ColumnMapping as Mapping } from '#lib/contributions/parse/map-columns.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import type { CheckedDraft } from './check-rows.ts';

/** Which column of the file is which field; guessed by name, changeable, with the first row as a sample. */
export function ColumnMapping({
  checked,
  chosen,
  fields,
  onChange,
}: {
  checked: CheckedDraft;
  /** What the person has chosen so far; it may be ahead of what has been checked. */
  chosen: Mapping | null;
  fields: readonly DatanetField[];
  onChange: (chosen: Mapping) => void;
}) {
  const { file } = checked;
  const mapping = { ...checked.mapping, ...chosen };
  const sample = file.rows[0];
  return (
    <div className="grid max-w-3xl grid-cols-1 gap-4 sm:grid-cols-2">
      {fields.map((field) => {
        const column = mapping[field.name] ?? '';
        const text = column && sample?.values[column];
        return (
          <Field
            key={field.name}
            label={field.label}
            hint={text ? `Line ${sample?.line}: ${text.length > 90 ? `${text.slice(0, 90)}…` : text}` : undefined}
            error={column === '' ? 'Choose the column that holds it.' : undefined}
          >
            {(control) => (
              <Select
                {...control}
                value={column}
                onChange={(event) => onChange({ ...chosen, [field.name]: event.target.value || null })}
              >
                <option value="">no column</option>
                {file.columns.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        );
      })}
    </div>
  );
}
