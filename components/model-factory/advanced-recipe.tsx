'use client';

import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import { faultOfField, isAsked, type RecipeField, readField, recipeFields, writeField } from './recipe-fields.ts';

/** Every hyperparameter, generated from the schema; each mistake stands under its field. */
export function AdvancedRecipe({
  recipe,
  onChange,
}: {
  recipe: TrainingRecipe;
  onChange: (recipe: TrainingRecipe) => void;
}) {
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      {recipeFields
        .filter((field) => isAsked(field, recipe))
        .map((field) => (
          <RecipeControl
            key={field.path}
            field={field}
            value={readField(recipe, field.path)}
            onChange={(value) => onChange(writeField(recipe, field.path, value))}
          />
        ))}
    </div>
  );
}

type ControlProps = { field: RecipeField; value: unknown; onChange: (value: unknown) => void };

function RecipeControl({ field, value, onChange }: ControlProps) {
  const fault = faultOfField(field, value) ?? undefined;
  if (field.control.kind === 'set') return <SetControl field={field} value={value} onChange={onChange} fault={fault} />;
  const { control: kind } = field;
  if (kind.kind === 'switch' || kind.kind === 'part') {
    const off = kind.kind === 'part' || kind.optional ? undefined : false;
    const on = kind.kind === 'part' ? kind.initial : true;
    return (
      <Checkbox
        label={field.label}
        hint={field.help}
        checked={value !== undefined && value !== false}
        onChange={(event) => onChange(event.target.checked ? on : off)}
      />
    );
  }
  return (
    <Field label={field.label} hint={field.help} error={fault}>
      {(control) => {
        if (field.control.kind === 'choice')
          return (
            <Select {...control} value={String(value)} onChange={(event) => onChange(event.target.value)}>
              {field.control.options.map((option) => (
                <option key={option}>{option}</option>
              ))}
            </Select>
          );
        return (
          <Input
            {...control}
            mono
            type="number"
            step="any"
            // An emptied field is null: kept as it is, named as a mistake, and never sent.
            value={typeof value === 'number' ? value : ''}
            onChange={(event) => onChange(event.target.value === '' ? null : Number(event.target.value))}
          />
        );
      }}
    </Field>
  );
}

function SetControl({ field, value, onChange, fault }: ControlProps & { fault: string | undefined }) {
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  const options = field.control.kind === 'set' ? field.control.options : [];
  return (
    <fieldset className="flex flex-col gap-2 sm:col-span-2">
      <legend className="text-sm font-medium">{field.label}</legend>
      <p className="text-xs text-muted">{field.help}</p>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {options.map((option) => (
          <Checkbox
            key={option}
            label={<span className="figures">{option}</span>}
            checked={chosen.includes(option)}
            onChange={(event) =>
              // In the schema's order, so that the same choice is the same recipe.
              onChange(options.filter((one) => (one === option ? event.target.checked : chosen.includes(one))))
            }
          />
        ))}
      </div>
      {fault && (
        <p role="alert" className="text-xs text-bad">
          {fault}
        </p>
      )}
    </fieldset>
  );
}
