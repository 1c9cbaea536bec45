'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Section } from '#components/ui/section.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { type CreateDatanetInput, createDatanetSchema, datanetLicenses } from '#lib/datanets/schema.ts';
import { ActionProblem } from '../action-problem.tsx';
import { type Action, type ActionError, runAction } from '../action-types.ts';
import { slugOf } from './slug-of.ts';
import { type DatanetTemplate, datanetTemplates } from './templates.ts';

type Values = {
  title: string;
  slug: string;
  language: string;
  license: string;
  summary: string;
  description: string;
  rubric: string;
  promptLabel: string;
  completionLabel: string;
};

type TemplateValue = 'description' | 'license' | 'rubric' | 'promptLabel' | 'completionLabel';

/** The rules with their two examples: contributors and curators read them, and they are part of the terms. */
const describeRules = ({ description, accepted, refused }: DatanetTemplate): string =>
  [
    description,
    `Accepted, for example: “${accepted.prompt}” “${accepted.completion}” ${accepted.why}`,
    `Refused, for example: “${refused.prompt}” “${refused.completion}” ${refused.why}`,
  ].join('\n\n');

const valuesOf = (template: DatanetTemplate): Partial<Values> => ({
  description: describeRules(template),
  license: template.license,
  rubric: template.rubric.join('\n'),
  promptLabel: template.fields[0]!.label,
  completionLabel: template.fields[1]!.label,
});

/** Title, terms and rules of a new Datanet from a template; the chain comes on the next page. */
export function CreateForm({ create }: { create: Action<CreateDatanetInput, { slug: string }> }) {
  const router = useRouter();
  const [template, setTemplate] = useState<DatanetTemplate>(datanetTemplates[0]!);
  const [values, setValues] = useState<Values>({
    title: '',
    slug: '',
    language: 'en',
    summary: '',
    ...(valuesOf(template) as Pick<Values, TemplateValue>),
  });
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [error, setError] = useState<ActionError | null>(null);
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<Values>) => setValues((old) => ({ ...old, ...change }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = createDatanetSchema.safeParse(toInput(values, template));
    if (!parsed.success) return setErrors(firstMessages(parsed.error.issues));
    setErrors({});
    setError(null);
    setBusy(true);
    const result = await runAction(create, parsed.data);
    setBusy(false);
    if (result.ok) return router.push(`/datanets/${result.data.slug}`);
    setErrors(result.error.fieldErrors ?? {});
    setError(result.error);
  };
  const text = (name: keyof Values) => ({
    name,
    value: values[name],
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value }),
  });
  return (
    <form onSubmit={submit} noValidate className="flex max-w-3xl flex-col gap-8">
      <Section title="Subject">
        <div className="flex flex-col gap-5">
          <Field label="Template" hint="Fills in the rules below; everything can be changed.">
            {(control) => (
              <Select
                {...control}
                value={template.domain}
                onChange={(event) => {
                  const chosen = datanetTemplates.find(({ domain }) => domain === event.target.value)!;
                  setTemplate(chosen);
                  set(valuesOf(chosen));
                }}
              >
                {datanetTemplates.map(({ domain, name }) => (
                  <option key={domain} value={domain}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Title" error={errors.title}>
            {(control) => (
              <Input
                {...control}
                {...text('title')}
                maxLength={80}
                placeholder={template.example}
                onChange={({ target }) =>
                  set({
                    title: target.value,
                    ...(values.slug === slugOf(values.title) && { slug: slugOf(target.value) }),
                  })
                }
              />
            )}
          </Field>
          <Field label="Address" hint={`/datanets/${values.slug || '…'}`} error={errors.slug}>
            {(control) => <Input {...control} {...text('slug')} mono maxLength={60} />}
          </Field>
          <Field label="In one sentence" hint="Shown in lists." error={errors.summary}>
            {(control) => <Textarea {...control} {...text('summary')} rows={2} maxLength={200} />}
          </Field>
          <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
            <Field label="Language" hint="BCP 47 tag: en, pt-BR, sco" error={errors.language}>
              {(control) => <Input {...control} {...text('language')} mono maxLength={35} />}
            </Field>
            <Field
              label="Licence of the rows"
              hint="SPDX name. Whatever it is, a row’s authors are paid by the answers that it shapes."
              error={errors.license}
            >
              {(control) => (
                <Select {...control} {...text('license')}>
                  {datanetLicenses.map((license) => (
                    <option key={license}>{license}</option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        </div>
      </Section>
      <Section title="Rules">
        <div className="flex flex-col gap-5">
          <Field label="What belongs in, and what does not" error={errors.description}>
            {(control) => <Textarea {...control} {...text('description')} rows={8} maxLength={8000} />}
          </Field>
          <Field label="What curators ask of each row" hint="One rule a line." error={errors.rubric}>
            {(control) => <Textarea {...control} {...text('rubric')} rows={6} />}
          </Field>
          <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
            <Field label="Name of the question" error={errors.fields}>
              {(control) => <Input {...control} {...text('promptLabel')} maxLength={80} />}
            </Field>
            <Field label="Name of the answer">
              {(control) => <Input {...control} {...text('completionLabel')} maxLength={80} />}
            </Field>
          </div>
        </div>
      </Section>
      <div className="flex flex-col items-start gap-3">
        {Object.keys(errors).length > 0 && (
          <p role="alert" className="text-sm text-bad">
            Nothing was created: mend what is marked above.
          </p>
        )}
        {!error?.fieldErrors && <ActionProblem error={error} />}
        <Button type="submit" variant="primary" busy={busy}>
          Create the Datanet
        </Button>
        <p className="text-xs text-muted">
          Free. On its page you then register it on chain with one transaction and appoint curators.
        </p>
      </div>
    </form>
  );
}

function toInput(values: Values, { domain, fields }: DatanetTemplate) {
  const { promptLabel, completionLabel, rubric, ...terms } = values;
  const labels = [promptLabel, completionLabel];
  return {
    ...terms,
    domain,
    rubric: rubric.split('\n').filter((rule) => rule.trim() !== ''),
    fields: fields.map((field, i) => ({ ...field, label: labels[i]! })),
  };
}

function firstMessages(issues: readonly { path: PropertyKey[]; message: string }[]): Record<string, string> {
  const messages: Record<string, string> = {};
  for (const { path, message } of issues) messages[String(path[0] ?? 'title')] ??= message;
  return messages;
}
