import { ErrorState } from '#components/ui/error-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { RunSummary } from '#lib/model-factory/types.ts';
import { surpriseCut } from './format.ts';

/** What to do next after each failure; anything that is not here is ours, and Resume goes on from the last checkpoint. */
const nextAction: Record<string, string> = {
  training_learnt_nothing: 'Start a new run with more passes, or on a version with more rows.',
  training_diverged: 'Start a new run with a smaller learning rate.',
  dataset_empty: 'Choose a version whose rows are shorter, or raise the longest row.',
  recipe_invalid: 'Start a new run and mend the recipe.',
  checkpoint_mismatch: 'The base model was replaced since; start a new run on it.',
  checkpoint_invalid: 'Start a new run; the stored checkpoint cannot be read.',
  disk_full: 'Resume it when the operators have made room.',
};

const ours = new Set(['disk_full', 'checkpoint_mismatch', 'checkpoint_invalid']);

/** A failed run: the cause, and the one next action. */
export function RunFailure({ run, isOwner }: { run: RunSummary; isOwner: boolean }) {
  const code = run.errorCode ?? 'unknown';
  const again = new URLSearchParams({
    step: 'recipe',
    name: run.name,
    base: run.baseModel,
    version: run.version.id,
    ...(run.preset !== 'custom' && { preset: run.preset }),
  });
  const needsNewRun = code in nextAction && code !== 'disk_full';
  return (
    <ErrorState
      title="The training failed"
      fault={code in nextAction && !ours.has(code) ? 'you' : 'us'}
      action={
        isOwner && needsNewRun && <LinkButton href={`/models/new?${again}`}>Start a new run with this data</LinkButton>
      }
    >
      <p className="mt-2">{run.errorMessage ?? 'No cause was recorded.'}</p>
      {isOwner && <p className="mt-2">{nextAction[code] ?? 'Press Resume; it goes on from its last checkpoint.'}</p>}
    </ErrorState>
  );
}

/** The measured end: loss on rows that the training never saw, against the base. */
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
