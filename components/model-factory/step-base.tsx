'use client';

import type { BaseModelInfo, RefusedBaseModel } from '#lib/model-factory/types.ts';
import { baseFit } from './base-fit.ts';
import { formatCount } from './format.ts';
import { type Option, OptionList } from './option-list.tsx';
import type { Wizard } from './use-wizard.ts';
import type { WizardOptions } from './wizard-rules.ts';

/** Which frozen model learns. Folders that the engine refuses are shown with the reason, so that nobody has to guess. */
export function StepBase({ wizard, options }: { wizard: Wizard; options: WizardOptions }) {
  return (
    <OptionList
      legend="Base model"
      value={wizard.choices.base}
      onChange={(base) => wizard.change({ base })}
      options={[...options.bases.map((base) => offer(base, options.memoryFreeBytes)), ...options.refused.map(refuse)]}
    />
  );
}

function offer(base: BaseModelInfo, freeBytes: number): Option {
  const { fits, sentence } = baseFit(base.parameters, freeBytes);
  const facts = `${formatCount(base.parameters)} parameters · reads up to ${base.contextTokens} tokens at once`;
  return {
    value: base.name,
    title: base.name,
    detail: [sentence, `${facts} · ${base.architecture}, stored as ${base.storedAs}.`, ...base.notes].join(' '),
    disabled: !fits,
    aside: `Licence: ${base.license}`,
  };
}

function refuse({ name, problems }: RefusedBaseModel): Option {
  return { value: name, title: name, detail: problems.join(' '), aside: 'Not supported', disabled: true };
}
