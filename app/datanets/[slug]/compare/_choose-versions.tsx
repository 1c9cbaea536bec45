import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';

/** The two versions, as a form that works without scripts: the choice stands in the address. */
export function ChooseVersions({
  action,
  numbers,
  from,
  to,
}: {
  action: string;
  numbers: readonly number[];
  from: number;
  to: number;
}) {
  const options = numbers.map((number) => (
    <option key={number} value={number}>
      Version {number}
    </option>
  ));
  return (
    <form action={action} className="flex flex-wrap items-end gap-4">
      <Field label="From">
        {(control) => (
          <Select {...control} name="from" defaultValue={from}>
            {options}
          </Select>
        )}
      </Field>
      <Field label="To">
        {(control) => (
          <Select {...control} name="to" defaultValue={to}>
            {options}
          </Select>
        )}
      </Field>
      <Button type="submit">Compare</Button>
    </form>
  );
}
