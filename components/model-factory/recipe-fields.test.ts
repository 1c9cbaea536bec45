import { describe, expect, it } from 'vitest';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import { faultOfField, faultOfRecipe, isAsked, recipeFields, writeField } from './recipe-fields.ts';

const fieldOf = (path: string) => recipeFields.find((field) => field.path === path)!;

describe('recipeFields', () => {
  it('says of each field what it does', () => {
    expect(recipeFields.filter((field) => field.help.length < 10)).toEqual([]);
  });

  it('asks for the fields of a part only while it is switched on, and leaves no trace when it is switched off', () => {
    const noise = fieldOf('privacy.noiseMultiplier');
    expect(isAsked(noise, recipePresets.quick)).toBe(false);
    const on = writeField(recipePresets.quick, 'privacy', { noiseMultiplier: 0, clipNorm: 1, delta: 1e-5 });
    expect(isAsked(noise, on)).toBe(true);
    expect(faultOfRecipe(on)).toMatch('Noise multiplier must be a number from 0.01 to 100.');
    expect(JSON.stringify(writeField(on, 'privacy', undefined))).toBe(JSON.stringify(recipePresets.quick));
    const rs = writeField(recipePresets.quick, 'lora.useRslora', true);
    expect(JSON.stringify(writeField(rs, 'lora.useRslora', undefined))).toBe(JSON.stringify(recipePresets.quick));
  });

  it('accepts what each preset says, and so does the schema', () => {
    for (const recipe of Object.values(recipePresets)) {
      expect(faultOfRecipe(recipe)).toBeNull();
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
