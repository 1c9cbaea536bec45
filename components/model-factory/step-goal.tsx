'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { domainTitle } from './domain-title.ts';
import { OptionList } from './option-list.tsx';
import type { Wizard } from './use-wizard.ts';
import type { WizardOptions } from './wizard-rules.ts';

/** What the model is for: a name, and the field of knowledge, which sorts the data that is offered. */
export function StepGoal({ wizard, options }: { wizard: Wizard; options: WizardOptions }) {
  const { choices, change } = wizard;
  const domains = new Map<string, Set<string>>();
  for (const { datanet } of options.versions) {
    domains.set(datanet.domain, (domains.get(datanet.domain) ?? new Set()).add(datanet.title));
  }
  return (
    <div className="flex flex-col gap-6">
      <Field label="What do you call it?" hint="For example: threat answers, first try">
        {(control) => (
          <Input
            {...control}
            name="name"
            maxLength={80}
            className="max-w-md"
            value={choices.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      {domains.size > 0 && (
        <div className="flex flex-col gap-2">
          <p className="text-sm font-medium">What should it be good at?</p>
          <OptionList
            legend="Field of knowledge"
            value={choices.goal}
            onChange={(goal) => change({ goal })}
            options={[...domains]
              .map(([domain, titles]) => ({
                value: domain,
                title: domainTitle(domain),
                detail: [...titles].join(' · '),
              }))
              .concat({ value: '', title: 'Something else', detail: 'Shows all data.' })}
          />
        </div>
      )}
    </div>
  );
}
