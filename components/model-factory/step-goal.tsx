'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { domainTitle } from './domain-title.ts';
import { OptionList } from './option-list.tsx';
import type { Wizard } from './use-wizard.ts';
import type { WizardOptions } from './wizard-rules.ts';

/** What the model is for, in one's own words; they fill in field, data, recipe and name, each of which can be changed. */
export function StepGoal({ wizard, options }: { wizard: Wizard; options: WizardOptions }) {
  const { choices, change } = wizard;
  const domains = new Map<string, Set<string>>();
  for (const { datanet } of options.versions) {
    domains.set(datanet.domain, (domains.get(datanet.domain) ?? new Set()).add(datanet.title));
  }
  return (
    <div className="flex flex-col gap-6">
      <Field
        label="What should it do?"
        hint="In your own words. For example: answer our customers’ questions about phishing, a quick first try."
        required={false}
      >
        {(control) => (
          <Textarea
            {...control}
            name="goal"
            rows={2}
            maxLength={400}
            className="max-w-2xl"
            value={choices.goal}
            onChange={(event) => change({ goal: event.target.value })}
          />
        )}
      </Field>
      <FilledIn wizard={wizard} options={options} />
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
          <p className="text-sm font-medium">Which field of knowledge?</p>
          <OptionList
            legend="Field of knowledge"
            value={choices.domain}
            onChange={(domain) => change({ domain })}
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

/** Says what the goal filled in and which of its words did. */
function FilledIn({ wizard: { choices, suggestion }, options }: { wizard: Wizard; options: WizardOptions }) {
  if (choices.goal.trim() === '') return null;
  const { because } = suggestion;
  const version = options.versions.find(({ id }) => id === suggestion.version);
  const parts = [
    because.domain && `field ${domainTitle(suggestion.domain)} (you wrote “${because.domain}”)`,
    version && `data ${version.datanet.title}, version ${version.number}`,
    `recipe ${suggestion.preset}${because.preset ? ` (“${because.preset}”)` : ''}`,
    suggestion.name && `name “${suggestion.name}”`,
  ].filter(Boolean);
  return (
    <p role="status" className="prose-measure border-l-2 border-hairline pl-4 text-sm text-muted">
      Filled in from your words: {parts.join(' · ')}. No model reads them: they are compared with the names of fields
      and Datanets. Change anything on its screen.
    </p>
  );
}
