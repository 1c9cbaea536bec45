import { describe, expect, it } from 'vitest';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import type { TrainableVersion } from '#lib/model-factory/types.ts';
import { firstMissing, type WizardChoices, type WizardOptions } from './wizard-rules.ts';

const version: TrainableVersion = {
  id: 'dv_1',
  number: 1,
  datanet: { id: 'dn_1', slug: 'a', title: 'A', domain: 'law', summary: 's' },
  fields: ['Question', 'Answer'],
  tier: 'public',
  rowCount: 100,
  contributorCount: 3,
  license: 'CC-BY-4.0',
  root: '0x00',
  createdAt: '2026-01-01T00:00:00.000Z',
  anchored: true,
};
const shape = { layers: 1, hidden: 8, intermediate: 8, heads: 1, keyValueHeads: 1, headDim: 8 };
const base = {
  name: 'nano',
  parameters: 1,
  contextTokens: 256,
  license: 'mit',
  architecture: 'LlamaForCausalLM',
  storedAs: 'F16',
  notes: [],
  shape,
};
const refused = [{ name: 'mixtral', problems: ['MixtralForCausalLM is not supported.'] }];
const options: WizardOptions = {
  bases: [base],
  refused,
  versions: [version],
  presets: recipePresets,
  minRows: 20,
  memoryFreeBytes: 8e9,
};
const choices: WizardChoices = {
  name: 'A run',
  goal: '',
  domain: 'law',
  base: 'nano',
  version: 'dv_1',
  mix: [],
  preset: 'quick',
  recipe: recipePresets.quick,
};

describe('firstMissing', () => {
  it('lets a complete choice be launched', () => {
    expect(firstMissing(choices, options)).toBeNull();
  });

  it.each<[string, Partial<WizardChoices>, Partial<WizardOptions>, string]>([
    ['goal', { name: ' ' }, {}, 'Give the run a name, so that you find it again.'],
    ['base', { base: 'other' }, {}, 'Choose a base model.'],
    ['base', {}, { memoryFreeBytes: 1e8 }, 'Will not fit: needs at least 0.2 GB of memory, 0.1 GB is free.'],
    [
      'base',
      { base: 'mixtral' },
      {},
      '“mixtral” cannot be trained on this server. MixtralForCausalLM is not supported.',
    ],
    ['base', {}, { bases: [] }, 'This server has no base model. Its operators put one into the folder models/.'],
    ['data', { version: '' }, {}, 'Choose the version to train on.'],
    [
      'data',
      { version: 'dv_gone' },
      {},
      'The version in this address does not exist any more. Choose one from the list.',
    ],
    [
      'data',
      {},
      { versions: [] },
      'No Datanet has a frozen version with 20 rows or more yet. Bring in a file of your own, or freeze one on a Datanet’s page.',
    ],
    ['recipe', { recipe: { ...recipePresets.quick, epochs: 0 } }, {}, 'Epochs must be a whole number from 1 to 50.'],
  ])('names the step %s and what it needs', (step, change, offered, sentence) => {
    expect(firstMissing({ ...choices, ...change }, { ...options, ...offered })).toEqual({ step, sentence });
  });
});
