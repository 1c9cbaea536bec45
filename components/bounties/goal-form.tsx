'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import type { GoalSource } from '#lib/bounties/types.ts';

type Goal = {
  kind: 'data' | 'run';
  datanet: string;
  title: string;
  goal: string;
  source: GoalSource | null;
};

/** The words of a bounty. They are public at once; money comes on the next page, by transactions that say what they do. */
export function GoalForm({
  start,
  datanets,
  write,
}: {
  start: Goal;
  /** Offered while one is typed; others can be named too. */
  datanets: readonly { slug: string; title: string }[];
  write: Action<Goal, { id: string }>;
}) {
  const router = useRouter();
  const [goal, setGoal] = useState(start);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const change = (part: Partial<Goal>) => setGoal((before) => ({ ...before, ...part }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const result = await runAction(write, goal);
    setError(result.ok ? null : result.error);
    if (result.ok) return router.push(`/bounties/${result.data.id}`);
    setBusy(false);
  };
  return (
    <form onSubmit={submit} className="flex max-w-2xl flex-col gap-5">
      {goal.source && (
        <p className="border-l-2 border-warn py-1 pl-4 text-sm">
          Made from your {goal.source.kind === 'question' ? 'question' : 'training'}. What you write here, its words
          included, is public from the moment you save it.
        </p>
      )}
      <Field label="What is wanted">
        {(control) => (
          <Select
            {...control}
            value={goal.kind}
            onChange={(event) => change({ kind: event.target.value as Goal['kind'] })}
          >
            <option value="data">Rows of a Datanet: its curators award, each row has the same price</option>
            <option value="run">A training paid by many: one judge awards, everything or nothing</option>
          </Select>
        )}
      </Field>
      <Field label="Datanet" hint="Its name in the address, for example defi-risk." error={error?.fieldErrors?.datanet}>
        {(control) => (
          <Input
            {...control}
            list="datanet-names"
            autoComplete="off"
            value={goal.datanet}
            onChange={(event) => change({ datanet: event.target.value })}
          />
        )}
      </Field>
      <datalist id="datanet-names">
        {datanets.map(({ slug, title }) => (
          <option key={slug} value={slug}>
            {title}
          </option>
        ))}
      </datalist>
      <Field label="Title" error={error?.fieldErrors?.title}>
        {(control) => (
          <Input
            {...control}
            maxLength={120}
            value={goal.title}
            onChange={(event) => change({ title: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Goal"
        hint={
          goal.kind === 'data'
            ? 'What a row must say to be awarded, so that a contributor and a curator read the same.'
            : 'The evaluation and the figure that the model must reach, and on what it is measured.'
        }
        error={error?.fieldErrors?.goal}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={6}
            maxLength={4000}
            value={goal.goal}
            onChange={(event) => change({ goal: event.target.value })}
          />
        )}
      </Field>
      <div>
        <Button type="submit" variant="primary" busy={busy}>
          Save the goal
        </Button>
      </div>
      <ActionProblem error={error} />
    </form>
  );
}
