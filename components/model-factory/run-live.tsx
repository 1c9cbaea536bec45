'use client';

import { Progress } from '#components/ui/progress.tsx';
import { Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { useRefresh } from '#components/ui/use-refresh.ts';
import { useAccountSession } from '#components/wallet/use-account-session.ts';
import type { MixPartView } from '#lib/mixes/types.ts';
import type { RunEvent, RunSummary } from '#lib/model-factory/types.ts';
import { AskCheckpoint } from './ask-checkpoint.tsx';
import type { RunProgress } from './fold-run-events.ts';
import { formatCount, formatSeconds } from './format.ts';
import { GradientShare } from './gradient-share.tsx';
import type { RunActions } from './run-actions.ts';
import { RunControls } from './run-controls.tsx';
import { RunCurves } from './run-curves.tsx';
import { RunFailure, RunResult } from './run-outcome.tsx';
import { RunSamples } from './run-samples.tsx';
import { RunStatusLabel } from './run-status.tsx';
import { useRunStream } from './use-run-stream.ts';

/** The living part of a run's page: state and controls, figures, curves, samples, outcome. Starts from the server's data. */
export function RunLive(props: { run: RunSummary; events: RunEvent[]; parts: MixPartView[]; actions: RunActions }) {
  const refresh = useRefresh();
  const { address } = useAccountSession();
  const { run, progress, connection, reconnect } = useRunStream(props, refresh);
  const isOwner = address === run.owner;
  const isMerge = run.preset === 'merge';
  return (
    <>
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div role="status" aria-live="polite" className="flex flex-wrap items-center gap-x-4" data-run={run.status}>
            <RunStatusLabel status={run.status} isMerge={isMerge} />
            <span className="text-xs text-muted">{connectionText(connection)}</span>
          </div>
          {isOwner && (
            <RunControls
              run={run}
              actions={props.actions}
              canFork={progress.checkpointStep !== null}
              onResumed={reconnect}
            />
          )}
        </div>
        <Progress
          value={run.status === 'queued' ? null : fraction(run, progress)}
          label="Steps trained"
          className={run.status === 'succeeded' || isMerge ? 'hidden' : ''}
        />
        {isMerge && !isOver(run) && run.status !== 'failed' && (
          <p className="text-sm text-muted">
            Nothing is trained. The adapters are put together, and measured on rows that none of them was trained on.
          </p>
        )}
        {progress.index && run.status === 'running' && (
          <p className="text-sm text-muted">
            {isMerge ? 'The merge' : 'Training'} is done. Storing what each row taught, for attribution:{' '}
            {progress.index.done} of {progress.index.total} rows.
          </p>
        )}
        {run.status === 'stopped' && (
          <p className="text-sm text-muted">
            {isMerge ? 'Stopped.' : `Stopped at the checkpoint of step ${progress.checkpointStep ?? 0}.`}{' '}
            {run.errorMessage}
            {isOwner &&
              (isMerge
                ? ' Resume puts the same models together again.'
                : ' Resume goes on from there; nothing that was learnt is lost.')}
          </p>
        )}
      </div>
      {run.status === 'cancelled' && (
        <p className="text-sm text-muted">
          Cancelled{progress.usedTokens === null ? '' : ` after ${formatCount(progress.usedTokens)} trained tokens`}:
          what it costs goes by that. Nothing goes on from it.
        </p>
      )}
      {run.status !== 'failed' && progress.wentOnFrom !== null && (
        <p className="text-sm text-muted">
          It was interrupted, and went on from the checkpoint of step {progress.wentOnFrom}. There is nothing for you to
          do.
        </p>
      )}
      {run.status === 'failed' && <RunFailure run={run} isOwner={isOwner} wasBetter={wasBetter(progress)} />}
      {run.evalLoss !== null && run.baseEvalLoss !== null && (
        <Section title={isMerge ? 'What it can do' : 'What it learnt'}>
          <RunResult evalLoss={run.evalLoss} baseEvalLoss={run.baseEvalLoss} />
        </Section>
      )}
      {!isMerge && <Training run={run} progress={progress} parts={props.parts} />}
      {!isMerge && isOwner && (progress.checkpoints.marks.length > 0 || !isOver(run)) && (
        <Section
          title="Ask a checkpoint"
          intro="What it has learnt until then, in its own words. Ask several the same question before you publish; only you can."
        >
          <AskCheckpoint runId={run.id} progress={progress} />
        </Section>
      )}
    </>
  );
}

/** What only a training has: curves, shares of the gradient, samples. */
function Training({ run, progress, parts }: { run: RunSummary; progress: RunProgress; parts: MixPartView[] }) {
  return (
    <>
      <Section title="Curves">
        <div className="flex flex-col gap-6">
          <Figures run={run} progress={progress} />
          <RunCurves progress={progress} isOver={isOver(run)} />
        </div>
      </Section>
      {parts.length > 1 && (
        <Section title="Share of the gradient by Datanet">
          <GradientShare pulls={progress.pulls} parts={parts} />
        </Section>
      )}
      {(progress.samples.length > 0 || !isOver(run)) && (
        <Section
          title="Samples"
          intro="The same held-out question, answered by the adapter as it was at each measurement, with its loss on the held-out rows. The best has the lowest."
        >
          <RunSamples progress={progress} />
        </Section>
      )}
    </>
  );
}

/** Nothing more comes. A failed run may be resumed. */
const isOver = ({ status }: RunSummary) => status === 'cancelled' || status === 'succeeded';

const wasBetter = ({ points, baseLoss }: RunProgress) =>
  baseLoss !== null && points.some(({ heldOut }) => heldOut !== null && heldOut < baseLoss);

function Figures({ run, progress }: { run: RunSummary; progress: RunProgress }) {
  const total = progress.totalSteps ?? run.totalSteps;
  const trains = run.status === 'running' || run.status === 'stopping' || run.status === 'cancelling';
  const heldOut = progress.points.filter((point) => point.heldOut !== null).at(-1)?.heldOut ?? null;
  return (
    <StatRow>
      <Stat
        label="Step"
        value={`${formatCount(progress.step)}${total ? ` / ${formatCount(total)}` : ''}`}
        note={progress.epoch ? `pass ${progress.epoch}, learning rate ${rateText(progress)}` : 'not started'}
      />
      <Stat
        label="Held-out loss"
        value={heldOut === null ? '–' : heldOut.toFixed(3)}
        note={
          progress.baseLoss === null
            ? isOver(run)
              ? 'never measured'
              : 'measured soon'
            : `base ${progress.baseLoss.toFixed(3)}`
        }
      />
      <Stat
        label="Tokens a second"
        value={progress.tokensPerSecond === null ? '–' : formatCount(progress.tokensPerSecond)}
        note={progress.trainTokens === null ? undefined : `${formatCount(progress.trainTokens)} in all`}
      />
      <Stat
        label={trains ? 'Time left' : 'Took'}
        value={trains ? timeLeft(progress) : took(run)}
        note={
          progress.trainableParams === null ? undefined : `${formatCount(progress.trainableParams)} trained parameters`
        }
      />
    </StatRow>
  );
}

const rateText = ({ learningRate }: RunProgress) => learningRate?.toExponential(1) ?? '–';

function timeLeft({ etaSeconds, step, totalSteps }: RunProgress): string {
  if (step > 0 && step === totalSteps) return 'finishing';
  return etaSeconds === null ? '–' : formatSeconds(etaSeconds);
}

function took(run: RunSummary): string {
  if (!run.startedAt || !run.endedAt) return '–';
  return formatSeconds((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000);
}

function fraction(run: RunSummary, progress: RunProgress): number {
  const total = progress.totalSteps ?? run.totalSteps;
  return total ? progress.step / total : 0;
}

function connectionText(connection: 'connecting' | 'live' | 'lost' | 'over'): string {
  return { connecting: 'connecting…', live: 'live', lost: 'connection lost, trying again…', over: '' }[connection];
}
