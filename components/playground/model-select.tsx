import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';

export type PlaygroundModel = { slug: string; name: string; summary: string; examplePrompts: string[] };

/** Which model is asked; `none` names the choice of no model. */
export function ModelSelect(props: {
  label: string;
  models: PlaygroundModel[];
  value: string;
  onChange: (slug: string) => void;
  none?: string;
}) {
  const { label, models, value, onChange, none } = props;
  const chosen = models.find((one) => one.slug === value);
  return (
    <Field label={label} hint={chosen?.summary ?? (none && 'Both answer the same question at the same time.')}>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {none && <option value="">{none}</option>}
          {models.map((one) => (
            <option key={one.slug} value={one.slug}>
              {one.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
