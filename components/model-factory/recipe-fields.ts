import { z } from 'zod';
import { recipeSchema, type TrainingRecipe } from '#lib/model-factory/schema.ts';

/** One control of the Advanced form. `path` is dotted; `help` is the schema's description. */
export type RecipeField = {
  path: string;
  label: string;
  help: string;
  control:
    | { kind: 'number'; integer: boolean; minimum: number; maximum: number }
    | { kind: 'choice'; options: string[] }
    | { kind: 'set'; options: string[] }
    /** `optional`: switched off it is absent, as in a recipe that never had it. */
    | { kind: 'switch'; optional: boolean }
    /** A part of the recipe that is there or not; its own fields follow it. */
    | { kind: 'part'; initial: Record<string, number> };
};

type JsonSchema = {
  type?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
};

/** What an optional part starts with when it is switched on. */
const initialParts: Record<string, Record<string, number>> = {
  privacy: { noiseMultiplier: 1, clipNorm: 1, delta: 1e-5 },
};

/** The controls of the Advanced form, generated from `recipeSchema`, so that a new hyperparameter appears by itself. */
export const recipeFields: readonly RecipeField[] = toFields(z.toJSONSchema(recipeSchema) as JsonSchema, '');

function toFields(schema: JsonSchema, prefix: string): RecipeField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]): RecipeField[] => {
    const path = `${prefix}${name}`;
    const optional = !schema.required?.includes(name);
    const said = { path, label: toLabel(name), help: property.description ?? '' };
    if (!property.properties) return [{ ...said, control: toControl(property, optional) }];
    const inner = toFields(property, `${path}.`);
    if (!optional) return inner;
    return [{ ...said, control: { kind: 'part', initial: initialParts[path] ?? {} } }, ...inner];
  });
}

function toControl(property: JsonSchema, optional: boolean): RecipeField['control'] {
  if (property.enum) return { kind: 'choice', options: property.enum };
  if (property.type === 'boolean') return { kind: 'switch', optional };
  if (property.type === 'array') return { kind: 'set', options: property.items?.enum ?? [] };
  const { type, minimum, maximum } = property;
  if (minimum === undefined || maximum === undefined) throw new Error('a number of the recipe needs its range');
  return { kind: 'number', integer: type === 'integer', minimum, maximum };
}

/** `loraAlpha` is "Lora alpha", `r` stays. */
function toLabel(name: string): string {
  const words = name.replace(/([A-Z])/g, ' $1').toLowerCase();
  return name.length === 1 ? name : (words[0] ?? '').toUpperCase() + words.slice(1);
}

/** The value at a dotted path. */
export function readField(recipe: TrainingRecipe, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], recipe);
}

/** A copy of the recipe with the value at a dotted path replaced; `undefined` takes it out. Keys keep their order. */
export function writeField(recipe: TrainingRecipe, path: string, value: unknown): TrainingRecipe {
  const [head, ...rest] = path.split('.') as [string, ...string[]];
  const { [head]: inner, ...others } = recipe as unknown as Record<string, unknown>;
  const next = rest.length === 0 ? value : writeField((inner ?? {}) as TrainingRecipe, rest.join('.'), value);
  return (next === undefined ? others : { ...recipe, [head]: next }) as TrainingRecipe;
}

/** Whether the field is to be filled in: those of a part that is switched off are not. */
export function isAsked(field: RecipeField, recipe: TrainingRecipe): boolean {
  const part = recipeFields.find(({ path, control }) => control.kind === 'part' && field.path.startsWith(`${path}.`));
  return !part || readField(recipe, part.path) !== undefined;
}

/** What is wrong with a recipe as it is typed: one sentence for the first fault; null when all of it fits. */
export function faultOfRecipe(recipe: TrainingRecipe): string | null {
  const asked = recipeFields.filter((field) => isAsked(field, recipe));
  return asked.map((field) => faultOfField(field, readField(recipe, field.path))).find(Boolean) ?? null;
}

/** What is wrong with a typed value, as a sentence; null when it fits. */
export function faultOfField(field: RecipeField, value: unknown): string | null {
  const { control } = field;
  if (control.kind === 'set') {
    return Array.isArray(value) && value.length > 0 ? null : `${field.label}: choose at least one.`;
  }
  if (control.kind === 'choice') {
    return control.options.includes(String(value)) ? null : `${field.label}: one of ${control.options.join(', ')}.`;
  }
  if (control.kind !== 'number') return null;
  const kind = control.integer ? 'a whole number' : 'a number';
  const fits =
    typeof value === 'number' &&
    value >= control.minimum &&
    value <= control.maximum &&
    (!control.integer || Number.isInteger(value));
  return fits ? null : `${field.label} must be ${kind} from ${control.minimum} to ${control.maximum}.`;
}
