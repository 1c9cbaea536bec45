'use client';

import { AdvancedRecipe } from './advanced-recipe.tsx';
import { OptionList } from './option-list.tsx';
import { RecipeFile } from './recipe-file.tsx';
import type { Wizard } from './use-wizard.ts';
import type { WizardOptions } from './wizard-rules.ts';

const presetTexts = {
  quick: { title: 'Quick', detail: 'A first look: a few passes over the rows.' },
  balanced: { title: 'Balanced', detail: 'What most data needs. Start here.' },
  best: { title: 'Best', detail: 'A larger adapter and more passes; takes the longest.' },
  custom: { title: 'Custom', detail: 'Your own hyperparameters, below.' },
} as const;

/** How it is trained: three presets for everybody, all hyperparameters for those who want them. */
export function StepRecipe({ wizard, options }: { wizard: Wizard; options: WizardOptions }) {
  const { preset, recipe } = wizard.choices;
  const names =
    preset === 'custom' ? (['quick', 'balanced', 'best', 'custom'] as const) : (['quick', 'balanced', 'best'] as const);
  return (
    <div className="flex flex-col gap-6">
      <OptionList
        legend="Recipe"
        value={preset}
        onChange={(value) => wizard.choosePreset(value as typeof preset)}
        options={names.map((name) => {
          const { epochs, lora } = name === 'custom' ? recipe : options.presets[name];
          return {
            value: name,
            ...presetTexts[name],
            aside: `${epochs} passes · rank ${lora.r}`,
          };
        })}
      />
      <details open={preset === 'custom'}>
        <summary className="cursor-pointer text-sm text-muted hover:text-ink">Advanced: all hyperparameters</summary>
        <div className="mt-4 flex flex-col gap-6">
          <AdvancedRecipe recipe={recipe} onChange={wizard.changeRecipe} />
          <RecipeFile recipe={recipe} onRead={wizard.changeRecipe} />
        </div>
      </details>
    </div>
  );
}
