'use client';

import { formatCount } from './format.ts';
import { OptionList } from './option-list.tsx';
import type { Wizard } from './use-wizard.ts';
import type { WizardOptions } from './wizard-rules.ts';

/** Which frozen model learns. */
export function StepBase({ wizard, options }: { wizard: Wizard; options: WizardOptions }) {
  return (
    <OptionList
      legend="Base model"
      value={wizard.choices.base}
      onChange={(base) => wizard.change({ base })}
      options={options.bases.map((base) => ({
        value: base.name,
        title: base.name,
        detail: `${formatCount(base.parameters)} parameters · reads up to ${base.contextTokens} tokens at once · ${base.architecture}`,
        aside: `Licence: ${base.license}`,
      }))}
    />
  );
}
