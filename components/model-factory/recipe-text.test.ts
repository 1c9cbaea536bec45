import { describe, expect, it } from 'vitest';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { writeField } from './recipe-fields.ts';
import { presetOf, readRecipeFile, recipeFromLink, recipeToFile, recipeToLink } from './recipe-text.ts';

const { balanced, best } = recipePresets;
const changed = [
  ['epochs', 4],
  ['lora.r', 16],
  ['lora.targetModules', ['q_proj', 'v_proj']],
  ['lora.useRslora', true],
  ['schedule', 'linear'],
  ['packing', true],
  ['privacy', { noiseMultiplier: 2, clipNorm: 0.5, delta: 1e-6 }],
] as const;
const custom = changed.reduce((recipe, [path, value]) => writeField(recipe, path, value), balanced);

describe('a recipe in an address', () => {
  it('comes back to the byte, with every kind of field', () => {
    const link = recipeToLink(custom, balanced);
    expect(link).toContain('epochs:4~');
    expect(JSON.stringify(recipeFromLink(link, balanced))).toBe(JSON.stringify(custom));
    expect(recipeToLink(balanced, balanced)).toBe('');
    expect(JSON.stringify(recipeFromLink('', best))).toBe(JSON.stringify(best));
  });

  it('keeps what was typed but does not fit, and drops what is no field', () => {
    const typed = recipeFromLink('epochs:~batchSize:900~nothing:3', balanced);
    expect(typed).toEqual({ ...balanced, epochs: null, batchSize: 900 });
    expect(recipeToLink(typed, balanced)).toBe('epochs:~batchSize:900');
  });
});

describe('a recipe as a file', () => {
  it('is the same bytes when it is exported, imported and exported again', () => {
    for (const recipe of [...Object.values(recipePresets), custom]) {
      const read = readRecipeFile(recipeToFile(recipe));
      expect(read.ok && recipeToFile(read.recipe)).toBe(recipeToFile(recipe));
      expect(read.ok && presetOf(read.recipe, recipePresets)).toBe(presetOf(recipe, recipePresets));
    }
    expect(presetOf(best, recipePresets)).toBe('best');
    expect(presetOf(custom, recipePresets)).toBe('custom');
  });

  it.each([
    ['nonsense', 'This is no JSON file.'],
    [JSON.stringify({ ...balanced, epoch: 3 }), 'The file: Unrecognized key: "epoch"'],
    [JSON.stringify({ ...balanced, epochs: 900 }), 'epochs: '],
  ])('names what cannot be read: %s', (text, problem) => {
    expect(readRecipeFile(text)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) });
  });
});
