import { presetNames, recipeSchema, type TrainingRecipe } from '#lib/model-factory/schema.ts';
import { isAsked, type RecipeField, readField, recipeFields, writeField } from './recipe-fields.ts';

/** What differs from `base`, short enough for an address: `epochs:4~lora.r:16~schedule:linear`. An emptied field is `epochs:`. */
export function recipeToLink(recipe: TrainingRecipe, base: TrainingRecipe): string {
  return recipeFields
    .filter(({ path }) => JSON.stringify(readField(recipe, path)) !== JSON.stringify(readField(base, path)))
    .filter((field) => field.control.kind === 'part' || isAsked(field, recipe))
    .map(({ path, control }) => `${path}:${toText(control, readField(recipe, path))}`)
    .join('~');
}

/** The recipe that an address names. What is no field of a recipe is left out; values out of range stay, to be mended. */
export function recipeFromLink(text: string, base: TrainingRecipe): TrainingRecipe {
  return text
    .split('~')
    .map((part): [string, string] => [part.slice(0, part.indexOf(':')), part.slice(part.indexOf(':') + 1)])
    .reduce((recipe, [path, value]) => {
      const field = recipeFields.find((one) => one.path === path);
      return field ? writeField(recipe, path, fromText(field.control, value)) : recipe;
    }, base);
}

function toText(control: RecipeField['control'], value: unknown): string {
  if (control.kind === 'part') return value === undefined ? 'off' : 'on';
  if (control.kind === 'set') return (value as string[]).join('+');
  return value === null || value === undefined ? '' : String(value);
}

function fromText(control: RecipeField['control'], text: string): unknown {
  switch (control.kind) {
    case 'part':
      return text === 'on' ? control.initial : undefined;
    case 'set':
      return control.options.filter((option) => text.split('+').includes(option));
    case 'switch':
      return text === 'true' ? true : control.optional ? undefined : false;
    case 'number':
      return text === '' || Number.isNaN(Number(text)) ? null : Number(text);
    default:
      return text;
  }
}

/** The recipe as the file that the trainer's own `Recipe` is: every key, in the schema's order. */
export function recipeToFile(recipe: TrainingRecipe): string {
  return `${JSON.stringify(recipe, null, 2)}\n`;
}

export type ReadRecipe = { ok: true; recipe: TrainingRecipe } | { ok: false; problem: string };

/** Reads such a file; a key that no recipe has, or a value out of range, is named. */
export function readRecipeFile(text: string): ReadRecipe {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'This is no JSON file. Export a recipe here to see what one looks like.' };
  }
  const parsed = recipeSchema.strict().safeParse(value);
  if (parsed.success) return { ok: true, recipe: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') || 'The file';
  return { ok: false, problem: `${where}: ${issue?.message ?? 'cannot be read'}.` };
}

/** The preset that a recipe is, to the byte; `custom` when it is none. */
export function presetOf(recipe: TrainingRecipe, presets: Record<(typeof presetNames)[number], TrainingRecipe>) {
  const text = JSON.stringify(recipe);
  return presetNames.find((name) => JSON.stringify(presets[name]) === text) ?? ('custom' as const);
}
