import { formatSeconds } from '#components/model-factory/format.ts';
import { Progress } from '#components/ui/progress.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Status } from '#components/ui/status.tsx';
import type { AuditEntry, AuditReport } from '#lib/audits/types.ts';
import { entryTitle } from './words.ts';

/** A measurement that waits or runs: how far, what it costs, and why it waits. */
export function AuditProgress({ entry, report }: { entry: AuditEntry; report: AuditReport }) {
  return (
    <div className="flex flex-col gap-2">
      <Status tone="warn" live={entry.status === 'running'}>
        {entryTitle(entry)}: {entry.status === 'running' ? 'measuring' : 'waits'}
      </Status>
      {entry.total > 0 && <Progress value={entry.done / entry.total} label="Trainings done" />}
      <p className="text-sm text-muted">
        {waitingFor(entry, report)} {entry.cpuSeconds > 0 && `CPU time: ${formatSeconds(entry.cpuSeconds)}`}
        {entry.cpuSeconds > 0 && ` of at most about ${formatSeconds(entry.budgetSeconds)}.`}
      </p>
      {entry.error && <p className="text-sm text-warn">Its last attempt broke off: {entry.error} It is tried again.</p>}
      <RefreshWhile everyMs={5_000} />
    </div>
  );
}

function waitingFor(entry: AuditEntry, { waitsForBudget, isMeasuring, day }: AuditReport): string {
  if (!isMeasuring) return 'The operators switched measuring off; until it is on, everybody is paid by equal share.';
  if (waitsForBudget) {
    const { spentSeconds, budgetSeconds } = day;
    return `The day’s CPU time for this is spent (${formatSeconds(spentSeconds)} of ${formatSeconds(budgetSeconds)}); it goes on when there is room.`;
  }
  if (entry.status === 'queued') return 'It starts when no other model is being measured.';
  if (entry.total === 0) return 'It asks the model, and trains it twice to see how smooth the training is.';
  return `${entry.done} of ${entry.total} trainings are done.`;
}
