import { ErrorState } from '#components/ui/error-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { adviceAfter } from '#lib/model-factory/rules.ts';
import type { RunSummary } from '#lib/model-factory/types.ts';
import { surpriseCut } from './format.ts';

/** A failed run: the cause, and the one next action. `wasBetter`: for a while it was below its base's loss. */
export function RunFailure({ run, isOwner, wasBetter }: { run: RunSummary; isOwner: boolean; wasBetter: boolean }) {
  const { fault, next, again } = adviceAfter(run.errorCode ?? '', wasBetter);
  const link = new URLSearchParams({
    step: 'recipe',
    name: run.name,
    base: run.baseModel,
    version: run.version.id,
    ...(run.preset !== 'custom' && { preset: run.preset }),
  });
  const isMerge = run.preset === 'merge';
  return (
    <ErrorState
      title={isMerge ? 'The merge failed' : 'The training failed'}
      fault={fault}
      action={
        isOwner &&
        (isMerge ? (
          <LinkButton href="/openlora/merge">Merge with other weights</LinkButton>
        ) : (
          again && <LinkButton href={`/models/new?${link}`}>Start a new run with this data</LinkButton>
        ))
      }
    >
      <p className="mt-2">{run.errorMessage ?? 'No cause was recorded.'}</p>
      {isOwner && <p className="mt-2">{next}</p>}
    </ErrorState>
  );
}

/** The measured end: loss on rows that no training saw, against the base. */
export function RunResult({ evalLoss, baseEvalLoss }: { evalLoss: number; baseEvalLoss: number }) {
  const cut = surpriseCut(evalLoss, baseEvalLoss);
  return (
    <div className="flex flex-col gap-4">
      <StatRow>
        <Stat label="Held-out loss of the adapter" value={evalLoss.toFixed(3)} note="nats per token, lower is better" />
        <Stat label="of the base model" value={baseEvalLoss.toFixed(3)} note="on the same rows" />
        <Stat
          label="Less surprised by unseen answers"
          value={`${cut} %`}
          note={`perplexity ${Math.exp(evalLoss).toFixed(1)}, was ${Math.exp(baseEvalLoss).toFixed(1)}`}
        />
      </StatRow>
    </div>
  );
}
