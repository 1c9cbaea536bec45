import Link from 'next/link';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';

/** `mayAsk` false: this reader needs a pass for it. */
export type PlaygroundModel = {
  slug: string;
  name: string;
  summary: string;
  examplePrompts: string[];
  mayAsk: boolean;
};

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
    <Field
      label={label}
      hint={chosen ? <Hint model={chosen} /> : none && 'Both answer the same question at the same time.'}
    >
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {none && <option value="">{none}</option>}
          {models.map((one) => (
            <option key={one.slug} value={one.slug}>
              {one.mayAsk ? one.name : `${one.name} (needs a pass)`}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function Hint({ model }: { model: PlaygroundModel }) {
  if (model.mayAsk) return model.summary;
  return (
    <>
      Only holders of a pass may ask it.{' '}
      <Link className="link" href={`/models/${model.slug}#access`}>
        What a pass costs
      </Link>
    </>
  );
}
