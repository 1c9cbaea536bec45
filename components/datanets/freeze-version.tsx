'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.ts';
import { ActionProblem } from './action-problem.tsx';
import { type Action, type ActionError, runAction } from './action-types.ts';

type Frozen = { number: number; rowCount: number; repeated: boolean };

/** Freezes the accepted rows into the next version. What it says before is what happens. */
export function FreezeVersion({
  datanetId,
  next,
  rowCount,
  lastRowCount,
  changed,
  registered,
  freeze,
}: {
  datanetId: string;
  /** Number of the version to come. */
  next: number;
  rowCount: number;
  lastRowCount: number;
  /** False when the newest version holds exactly the accepted rows. */
  changed: boolean;
  registered: boolean;
  freeze: Action<{ datanetId: string }, Frozen>;
}) {
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ActionError | null>(null);
  const run = async () => {
    setBusy(true);
    const result = await runAction(freeze, { datanetId });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    const { number, rowCount: rows, repeated } = result.data;
    toast.success(repeated ? `Nothing has changed since version ${number}` : `Version ${number} holds ${rows} rows`);
    router.refresh();
  };
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
          ? `Version ${next} would hold the ${rowCount} accepted rows${next > 1 ? ` (${change >= 0 ? '+' : '−'}${Math.abs(change)} against version ${next - 1})` : ''}. Freezing needs no transaction; writing its root on chain is the step after.`
          : 'Versions can be frozen once the Datanet is registered on chain; see above.'}
      </p>
      <Button variant="primary" busy={busy} disabled={!registered || rowCount === 0} onClick={run}>
        Freeze version {next}
      </Button>
      <ActionProblem error={error} />
    </section>
  );
}
