'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { RequestComputeInput } from '#lib/compute/schema.ts';
import type { ComputeJobView } from '#lib/compute/types.ts';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import { ComputeJobItem, type DecideRecipeAction } from './compute-job-item.tsx';

export type ComputeActions = {
  request: Action<RequestComputeInput, unknown>;
  decide: DecideRecipeAction;
};
export type ComputeOptions = {
  versionId: string;
  versionNumber: number;
  bases: string[];
  presets: { name: string; recipe: TrainingRecipe }[];
};

/** Trainings on rows that nobody reads: asking for one, deciding about its recipe, and where each stands. */
export function ComputePanel({
  datanetId,
  isOwner,
  jobs,
  options,
  actions,
}: {
  datanetId: string;
  isOwner: boolean;
  jobs: ComputeJobView[];
  /** Null before there is a version or a base. */
  options: ComputeOptions | null;
  actions: ComputeActions;
}) {
  return (
    <div className="flex flex-col gap-6">
      {options ? (
        <RequestTraining datanetId={datanetId} options={options} request={actions.request} />
      ) : (
        <p className="text-sm text-muted">There is no version to train on yet. The owner or a curator freezes one.</p>
      )}
      {jobs.length > 0 && (
        <ul className="flex flex-col" aria-label="Trainings">
          {jobs.map((job) => (
            <ComputeJobItem key={job.id} {...{ datanetId, job, isOwner, decide: actions.decide }} />
          ))}
        </ul>
      )}
    </div>
  );
}

function RequestTraining({
  datanetId,
  options: { versionId, versionNumber, bases, presets },
  request,
}: {
  datanetId: string;
  options: ComputeOptions;
  request: ComputeActions['request'];
}) {
  const router = useRouter();
  const [preset, setPreset] = useState(presets[0]!.name);
  const [baseModel, setBaseModel] = useState(bases[0]!);
  const [purpose, setPurpose] = useState('');
  const [key, setKey] = useState(() => crypto.randomUUID());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const { recipe } = presets.find(({ name }) => name === preset)!;
    const result = await runAction(request, { datanetId, versionId, baseModel, recipe, purpose, idempotencyKey: key });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    setPurpose('');
    setKey(crypto.randomUUID());
    router.refresh();
  };
  return (
    <form onSubmit={send} className="flex max-w-2xl flex-col gap-3">
      <p className="prose-measure text-sm text-muted">
        The training runs on the owner’s machine over version {versionNumber}. You get the adapter and sums over the
        rows; losses only where they, and their differences to losses told before, are over the rows of at least ten
        people.
      </p>
      <div className="flex flex-wrap gap-3">
        <Choice label="Base model" value={baseModel} options={bases} onChange={setBaseModel} />
        <Choice label="Recipe" value={preset} options={presets.map(({ name }) => name)} onChange={setPreset} />
      </div>
      <Field
        label="What for"
        hint="The owner reads it before approving the recipe."
        error={error?.fieldErrors?.purpose}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            minLength={10}
            maxLength={500}
            required
            value={purpose}
            onChange={(event) => setPurpose(event.target.value)}
          />
        )}
      </Field>
      <div>
        <Button type="submit" busy={busy} disabled={purpose.trim().length < 10}>
          Ask for the training
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly string[];
  onChange: (value: string) => void;
}) {
  return (
    <Field label={label}>
      {(control) => (
        <Select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </Select>
      )}
    </Field>
  );
}
