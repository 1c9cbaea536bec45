import { describe, expect, it } from 'vitest';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import { faultOfField, readField, recipeFields, writeField } from './recipe-fields.ts';

const fieldOf = (path: string) => recipeFields.find((field) => field.path === path)!;

describe('recipeFields', () => {
  it('covers every hyperparameter with a help text', () => {
    const leaves = (value: object, prefix = ''): string[] =>
      Object.entries(value).flatMap(([name, inner]) =>
        inner !== null && typeof inner === 'object' && !Array.isArray(inner)
          ? leaves(inner, `${prefix}${name}.`)
          : [`${prefix}${name}`],
      );
    expect(recipeFields.map((field) => field.path).sort()).toEqual(leaves(recipePresets.balanced).sort());
    expect(recipeFields.filter((field) => field.help.length < 10)).toEqual([]);
  });

  it('accepts what each preset says, and so does the schema', () => {
    for (const recipe of Object.values(recipePresets)) {
      expect(recipeFields.map((field) => faultOfField(field, readField(recipe, field.path)))).toEqual(
        recipeFields.map(() => null),
      );
      expect(recipeSchema.safeParse(recipe).success).toBe(true);
    }
  });

  it.each([
    ['epochs', 0, 'Epochs must be a whole number from 1 to 50.'],
    ['epochs', 2.5, 'Epochs must be a whole number from 1 to 50.'],
    ['learningRate', Number.NaN, 'Learning rate must be a number from 0.000001 to 0.05.'],
    ['lora.targetModules', [], 'Target modules: choose at least one.'],
  ])('says what is wrong with %s = %s, where the schema refuses it too', (path, value, sentence) => {
    expect(faultOfField(fieldOf(path), value)).toBe(sentence);
    expect(recipeSchema.safeParse(writeField(recipePresets.quick, path, value)).success).toBe(false);
  });

  it('writes a nested value without touching the original', () => {
    const changed = writeField(recipePresets.quick, 'lora.r', 4);
    expect(changed.lora.r).toBe(4);
    expect(recipePresets.quick.lora.r).toBe(8);
    expect(changed.lora.loraAlpha).toBe(recipePresets.quick.lora.loraAlpha);
  });
});
