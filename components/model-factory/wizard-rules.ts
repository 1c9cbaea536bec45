import type { ChosenPart } from '#lib/mixes/types.ts';
import type { PresetName, TrainingRecipe } from '#lib/model-factory/schema.ts';
import type { BaseModelInfo, RefusedBaseModel, TrainableVersion } from '#lib/model-factory/types.ts';
import { baseFit } from './base-fit.ts';
import { faultOfMix } from './mix-rules.ts';
import { faultOfRecipe } from './recipe-fields.ts';

export const wizardSteps = ['goal', 'base', 'data', 'recipe', 'launch'] as const;
export type WizardStep = (typeof wizardSteps)[number];

export const stepTitles: Record<WizardStep, string> = {
  goal: 'Goal',
  base: 'Base',
  data: 'Data',
  recipe: 'Recipe',
  launch: 'Cost and launch',
};

/** What the wizard offers; read on the server. */
export type WizardOptions = {
  bases: BaseModelInfo[];
  /** Model folders that the engine cannot run, with the reasons. */
  refused: RefusedBaseModel[];
  versions: TrainableVersion[];
  presets: Record<PresetName, TrainingRecipe>;
  minRows: number;
  /** Memory that a training could take now. */
  memoryFreeBytes: number;
};

/** What was chosen so far; empty texts are not chosen yet. */
export type WizardChoices = {
  name: string;
  /** In plain words; fills what is not chosen by hand. */
  goal: string;
  /** Field of knowledge, which sorts the data that is offered; empty shows all. */
  domain: string;
  base: string;
  version: string;
  /** Several versions with weights, in place of `version`; empty for one version alone. */
  mix: ChosenPart[];
  preset: PresetName | 'custom';
  recipe: TrainingRecipe;
};

/** What is to be trained on, as the server takes it. */
export function dataOf({ version, mix }: Pick<WizardChoices, 'version' | 'mix'>) {
  return mix.length > 0 ? { versionId: mix[0]!.versionId, parts: mix } : { versionId: version };
}

/** The same in words; empty where nothing is chosen. */
export function dataTitle(
  { version, mix }: Pick<WizardChoices, 'version' | 'mix'>,
  versions: readonly TrainableVersion[],
) {
  const ids = mix.length > 0 ? mix.map(({ versionId }) => versionId) : [version];
  return versions
    .filter(({ id }) => ids.includes(id))
    .map(({ datanet, number }) => `${datanet.title} v${number}`)
    .join(' + ');
}

/** What a step still needs, as a sentence; null when it is answered. */
export function missingIn(step: WizardStep, choices: WizardChoices, options: WizardOptions): string | null {
  switch (step) {
    case 'goal': {
      const length = choices.name.trim().length;
      if (length === 0) return 'Give the run a name, so that you find it again.';
      if (length < 3) return 'The name needs at least 3 characters.';
      return length > 60 ? 'The name may have at most 60 characters.' : null;
    }
    case 'base': {
      const refused = options.refused.find((base) => base.name === choices.base);
      if (refused) return `“${refused.name}” cannot be trained on this server. ${refused.problems.join(' ')}`;
      if (options.bases.length === 0)
        return 'This server has no base model. Its operators put one into the folder models/.';
      const base = options.bases.find(({ name }) => name === choices.base);
      if (!base) return 'Choose a base model.';
      const { fits, sentence } = baseFit(base.parameters, options.memoryFreeBytes);
      return fits ? null : sentence;
    }
    case 'data':
      if (options.versions.length === 0)
        return `No Datanet has a frozen version with ${options.minRows} rows or more yet. Bring in a file of your own, or freeze one on a Datanet’s page.`;
      if (choices.mix.length > 0) return faultOfMix(choices.mix, options.versions);
      if (choices.version === '') return 'Choose the version to train on.';
      return options.versions.some((version) => version.id === choices.version)
        ? null
        : 'The version in this address does not exist any more. Choose one from the list.';
    case 'recipe':
      return faultOfRecipe(choices.recipe);
    case 'launch':
      return null;
    default:
      return step satisfies never;
  }
}

/** The first step that still needs something, with what; null when the run can be launched. */
export function firstMissing(
  choices: WizardChoices,
  options: WizardOptions,
): { step: WizardStep; sentence: string } | null {
  for (const step of wizardSteps) {
    const sentence = missingIn(step, choices, options);
    if (sentence) return { step, sentence };
  }
  return null;
}
