'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Status } from '#components/ui/status.tsx';
import { ActionProblem } from './action-problem.tsx';
import { type Action, type ActionError, runAction } from './action-types.ts';

/** A version that a worker is making or made last. `rowsDone` are written to its file. */
type Making = { status: string; rowsDone: number; failure: string | null };
type Ask = Action<{ datanetId: string }, unknown>;

const underWay: Record<string, string> = {
  queued: 'waits for a worker',
  scanning: 'new rows are being looked through for planted triggers',
  writing: 'rows are being written',
  stopping: 'is being stopped',
};

/** Has the accepted rows frozen into the next version. What it says before is what happens. */
export function FreezeVersion({
  datanetId,
  next,
  rowCount,
  lastRowCount,
  changed,
  registered,
  making,
  freeze,
  stop,
}: {
  datanetId: string;
  /** Number of the version to come. */
  next: number;
  rowCount: number;
  lastRowCount: number;
  /** False when the newest version holds exactly the accepted rows. */
  changed: boolean;
  registered: boolean;
  making: Making | null;
  freeze: Ask;
  stop: Ask;
}) {
  const { busy, error, run } = useAsk(datanetId);
  if (making && making.status in underWay) {
    return (
      <section aria-label="Freeze a version" className="flex flex-col items-start gap-3">
        <Status tone="info" live wrap>
          Version {next}: {underWay[making.status]}
          {making.status === 'writing' &&
            `, ${making.rowsDone.toLocaleString('en')} of ${rowCount.toLocaleString('en')}`}
        </Status>
        <Button busy={busy} disabled={making.status === 'stopping'} onClick={() => run(stop)}>
          Stop
        </Button>
        <ActionProblem error={error} />
        <RefreshWhile everyMs={1_500} />
      </section>
    );
  }
  if (registered && !changed && next > 1) {
    return (
      <p className="text-sm text-muted">
        Version {next - 1} holds exactly the {rowCount} accepted rows; there is nothing new to freeze.
      </p>
    );
  }
  const change = rowCount - lastRowCount;
  return (
    <section aria-label="Freeze a version" className="flex flex-col items-start gap-3">
      <p className="prose-measure text-sm text-muted">
        {registered
          ? `Version ${next} would hold the ${rowCount} accepted rows${next > 1 ? ` (${change >= 0 ? '+' : '−'}${Math.abs(change)} against version ${next - 1})` : ''}. First the guard looks through what is new; a row that it holds waits for review again. Freezing needs no transaction; writing its root on chain is the step after.`
          : 'Versions can be frozen once the Datanet is registered on chain; see above.'}
      </p>
      {making?.status === 'failed' && <p className="text-sm text-bad">The last attempt ended: {making.failure}</p>}
      {making?.status === 'stopped' && (
        <p className="text-sm text-muted">The last attempt was stopped; nothing of it is left.</p>
      )}
      <Button variant="primary" busy={busy} disabled={!registered || rowCount === 0} onClick={() => run(freeze)}>
        Freeze version {next}
      </Button>
      <ActionProblem error={error} />
    </section>
  );
}

function useAsk(datanetId: string) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const run = async (ask: Ask) => {
    setBusy(true);
    const result = await runAction(ask, { datanetId });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) router.refresh();
  };
  return { busy, error, run };
}
