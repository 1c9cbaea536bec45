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
    | { kind: 'switch' };
};

type JsonSchema = {
  type?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  enum?: string[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
};

/** The controls of the Advanced form, generated from `recipeSchema`, so that a new hyperparameter appears by itself. */
export const recipeFields: readonly RecipeField[] = toFields(z.toJSONSchema(recipeSchema) as JsonSchema, '');

function toFields(schema: JsonSchema, prefix: string): RecipeField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    if (property.properties) return toFields(property, `${path}.`);
    return [{ path, label: toLabel(name), help: property.description ?? '', control: toControl(property) }];
  });
}

function toControl(property: JsonSchema): RecipeField['control'] {
  if (property.enum) return { kind: 'choice', options: property.enum };
  if (property.type === 'boolean') return { kind: 'switch' };
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

/** A copy of the recipe with the value at a dotted path replaced. */
export function writeField(recipe: TrainingRecipe, path: string, value: unknown): TrainingRecipe {
  const [head, ...rest] = path.split('.') as [string, ...string[]];
  const inner = (recipe as unknown as Record<string, unknown>)[head];
  const next = rest.length === 0 ? value : writeField(inner as TrainingRecipe, rest.join('.'), value);
  return { ...recipe, [head]: next } as TrainingRecipe;
}

/** What is wrong with a typed value, as a sentence; null when it fits. */
export function faultOfField(field: RecipeField, value: unknown): string | null {
  const { control } = field;
  if (control.kind === 'set') {
    return Array.isArray(value) && value.length > 0 ? null : `${field.label}: choose at least one.`;
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
