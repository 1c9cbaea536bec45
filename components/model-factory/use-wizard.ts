'use client';

import { parseAsString, parseAsStringLiteral, throttle, useQueryStates } from 'nuqs';
import { useEffect, useState } from 'react';
import { presetNames, recipeSchema, type TrainingRecipe } from '#lib/model-factory/schema.ts';
import { readField } from './recipe-fields.ts';
import { type WizardChoices, type WizardOptions, type WizardStep, wizardSteps } from './wizard-rules.ts';

const draftKey = 'openledger.wizard';

const inUrl = {
  step: parseAsStringLiteral(wizardSteps).withDefault('goal'),
  name: parseAsString.withDefault(''),
  goal: parseAsString.withDefault(''),
  base: parseAsString.withDefault(''),
  version: parseAsString.withDefault(''),
  preset: parseAsStringLiteral([...presetNames, 'custom']).withDefault('balanced'),
};

export type Wizard = {
  step: WizardStep;
  choices: WizardChoices;
  goTo: (step: WizardStep) => void;
  change: (change: Partial<Omit<WizardChoices, 'recipe' | 'preset'>>) => void;
  choosePreset: (preset: WizardChoices['preset']) => void;
  /** A changed hyperparameter makes the recipe "custom". */
  changeRecipe: (recipe: TrainingRecipe) => void;
};

/** The wizard's state: choices in the URL, so that a link or a reload shows the same; a custom recipe in this browser. */
export function useWizard(options: WizardOptions): Wizard {
  const [url, setUrl] = useQueryStates(inUrl, { limitUrlUpdates: throttle(150) });
  const [custom, setCustom] = useState<TrainingRecipe | null>(null);
  useEffect(() => setCustom(readDraft()), []);
  const recipe = url.preset === 'custom' ? (custom ?? options.presets.balanced) : options.presets[url.preset];
  const base = url.base || (options.bases.length === 1 ? (options.bases[0]?.name ?? '') : '');
  const { step, ...rest } = url;
  return {
    step,
    choices: { ...rest, base, recipe },
    goTo: (next) => void setUrl({ step: next }, { history: 'push' }),
    change: (change) => void setUrl(change),
    choosePreset: (preset) => void setUrl({ preset }),
    changeRecipe: (next) => {
      setCustom(next);
      saveDraft(next);
      void setUrl({ preset: 'custom' });
    },
  };
}

/** The recipe as it was typed, also when a value does not fit yet; null when there is none or it is damaged. */
function readDraft(): TrainingRecipe | null {
  try {
    const draft = JSON.parse(localStorage.getItem(draftKey) ?? 'null') as TrainingRecipe | null;
    const shape = recipeSchema.safeParse(draft);
    if (!draft || shape.success) return draft;
    // Emptied fields and values out of range are kept, so that the person mends them; anything else is not ours.
    const isTyped = shape.error.issues.every(
      ({ code, path }) => code === 'too_big' || code === 'too_small' || readField(draft, path.join('.')) === null,
    );
    return isTyped ? draft : null;
  } catch {
    return null;
  }
}

function saveDraft(recipe: TrainingRecipe): void {
  try {
    localStorage.setItem(draftKey, JSON.stringify(recipe));
  } catch {
    // Private windows refuse; then a reload falls back to the preset.
  }
}
