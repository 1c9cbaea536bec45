'use client';

import { parseAsString, parseAsStringLiteral, throttle, useQueryStates } from 'nuqs';
import { presetNames, type TrainingRecipe } from '#lib/model-factory/schema.ts';
import { mixFromLink, mixToLink } from './mix-rules.ts';
import { presetOf, recipeFromLink, recipeToLink } from './recipe-text.ts';
import { type GoalSuggestion, suggestFromGoal } from './suggest-from-goal.ts';
import { type WizardChoices, type WizardOptions, type WizardStep, wizardSteps } from './wizard-rules.ts';

const inUrl = {
  step: parseAsStringLiteral(wizardSteps).withDefault('goal'),
  goal: parseAsString.withDefault(''),
  name: parseAsString,
  domain: parseAsString,
  base: parseAsString.withDefault(''),
  version: parseAsString,
  /** Several versions with weights, in place of one. */
  data: parseAsString.withDefault(''),
  preset: parseAsStringLiteral([...presetNames, 'custom']),
  /** What a custom recipe changes in Balanced. */
  recipe: parseAsString.withDefault(''),
  /** A Datanet of one's own that is on its way to a first version. */
  own: parseAsString.withDefault(''),
};

export type Wizard = {
  step: WizardStep;
  choices: WizardChoices;
  /** What the goal says, for what was not chosen by hand. */
  suggestion: GoalSuggestion;
  goTo: (step: WizardStep) => void;
  change: (change: Partial<Omit<WizardChoices, 'recipe' | 'preset' | 'mix'>>) => void;
  /** One part alone is no mix: it becomes the version. */
  changeMix: (parts: WizardChoices['mix']) => void;
  choosePreset: (preset: WizardChoices['preset']) => void;
  /** A changed hyperparameter makes the recipe "custom"; one that equals a preset is that preset. */
  changeRecipe: (recipe: TrainingRecipe) => void;
  own: string;
  setOwn: (datanetId: string) => void;
};

/**
 * The wizard's state, all of it in the address: a link, a reload or another device shows the same. What the goal's words filled
 * in is written there with the next screen, so that data which comes later changes no draft.
 */
export function useWizard(options: WizardOptions): Wizard {
  const [url, setUrl] = useQueryStates(inUrl, { limitUrlUpdates: throttle(150) });
  const suggestion = suggestFromGoal(url.goal, options.versions);
  const { balanced } = options.presets;
  const filled = {
    name: url.name ?? suggestion.name,
    domain: url.domain ?? suggestion.domain,
    version: url.version ?? suggestion.version,
    preset: url.preset ?? suggestion.preset,
  };
  const recipe = filled.preset === 'custom' ? recipeFromLink(url.recipe, balanced) : options.presets[filled.preset];
  const base = url.base || (options.bases.length === 1 ? (options.bases[0]?.name ?? '') : '');
  return {
    step: url.step,
    choices: { ...filled, mix: mixFromLink(url.data, options.versions), goal: url.goal, base, recipe },
    suggestion,
    goTo: (step) => void setUrl({ ...filled, base, step }, { history: 'push' }),
    change: (change) => void setUrl(change),
    changeMix: (parts) =>
      void setUrl({ data: mixToLink(parts, options.versions), version: parts[0]?.versionId ?? null }),
    choosePreset: (preset) => void setUrl({ preset }),
    own: url.own,
    setOwn: (own) => void setUrl({ own }),
    changeRecipe: (next) => {
      const preset = presetOf(next, options.presets);
      void setUrl({ preset, recipe: preset === 'custom' ? recipeToLink(next, balanced) : null });
    },
  };
}
