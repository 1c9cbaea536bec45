'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { RecipeFacts } from '#components/model-factory/recipe-facts.tsx';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Input } from '#components/ui/input.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { DecideRecipeInput } from '#lib/compute/schema.ts';
import type { ComputeJobView } from '#lib/compute/types.ts';

export type DecideRecipeAction = Action<DecideRecipeInput, unknown>;
type Props = { datanetId: string; job: ComputeJobView; isOwner: boolean; decide: DecideRecipeAction };

/** One training: who asked, for what, by which recipe, and who has to act next. */
export function ComputeJobItem({ datanetId, job, isOwner, decide }: Props) {
  return (
    <li className="flex flex-col gap-2 border-b border-hairline py-4 text-sm">
      <p className="flex flex-wrap items-baseline gap-x-3">
        <Address address={job.requestedBy} copy={false} />
        <span className="text-muted">
          version {job.versionNumber}, {job.baseModel}, asked <TimeAgo at={job.createdAt} />
        </span>
      </p>
      <p className="prose-measure">{job.purpose}</p>
      <p className="flex flex-wrap items-baseline gap-x-2 text-muted">
        Recipe <Hash value={job.recipeHash} what="recipe" />
      </p>
      <div className="max-w-md">
        <RecipeFacts recipe={job.recipe} />
      </div>
      <State job={job} />
      {isOwner && job.status === 'waiting' && <Decide {...{ datanetId, job, decide }} />}
    </li>
  );
}

function State({ job }: { job: ComputeJobView }) {
  const { status, aggregates, adapterSha256, error, endedAt } = job;
  switch (status) {
    case 'waiting':
      return <p>Waits for the owner to decide about the recipe.</p>;
    case 'queued':
      return <p>Approved. It waits for the owner’s worker.</p>;
    case 'running':
      return <p>The owner’s worker is training.</p>;
    case 'refused':
      return <p>The owner refused the recipe: {error}</p>;
    case 'failed':
      return <p className="text-bad">It failed ({error}). Ask again, or ask the owner to look at the worker.</p>;
    default:
      return (
        <div className="flex flex-col gap-1">
          <p>
            Done {endedAt && <TimeAgo at={endedAt} />}: {aggregates?.rows} rows, {aggregates?.steps} steps
            {aggregates?.evalLoss !== null &&
              `, loss ${aggregates?.evalLoss.toFixed(3)} against ${aggregates?.baseEvalLoss?.toFixed(3)} of the base`}
            .{' '}
            <a className="link" href={`/api/v1/compute/jobs/${job.id}/adapter`} download>
              Download the adapter
            </a>
          </p>
          {adapterSha256 && (
            <p className="flex flex-wrap items-baseline gap-x-2 text-muted">
              SHA-256 <Hash value={adapterSha256} what="adapter" />
            </p>
          )}
        </div>
      );
  }
}

function Decide({ datanetId, job, decide }: Pick<Props, 'datanetId' | 'job' | 'decide'>) {
  const router = useRouter();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const send = async (decision: 'approved' | 'refused') => {
    setBusy(true);
    const why = decision === 'refused' ? { reason: reason.trim() } : {};
    const result = await runAction(decide, { datanetId, recipeHash: job.recipeHash, decision, ...why });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) router.refresh();
  };
  return (
    <div className="flex max-w-2xl flex-wrap items-end gap-3">
      <Button size="sm" busy={busy} onClick={() => send('approved')}>
        Approve this recipe
      </Button>
      <Field label="Why not">
        {(control) => (
          <Input {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <Button size="sm" variant="quiet" disabled={busy || reason.trim().length < 3} onClick={() => send('refused')}>
        Refuse
      </Button>
      <ActionProblem error={error} />
    </div>
  );
}
