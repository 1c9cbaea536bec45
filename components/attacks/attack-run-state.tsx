'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Progress } from '#components/ui/progress.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Status } from '#components/ui/status.tsx';
import type { AttackProgress, AttackRunView } from '#lib/attacks/types.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

export type StopAttack = (input: { id: string }) => Promise<ActionResult<void>>;

const stages: Record<AttackProgress['stage'], string> = {
  waiting: 'Waits until no real training is under way',
  before: 'Trains on the rows as they are, and pays them',
  craft: 'The attacker prepares its rows',
  after: 'Trains on the rows after the attack, and pays them',
};

/** A run that has not ended: its place or its stage, and Stop for who started it. */
export function AttackRunState({
  run,
  stop,
}: {
  run: Pick<AttackRunView, 'id' | 'status' | 'place' | 'progress'>;
  stop: StopAttack | undefined;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ask = async () => {
    setBusy(true);
    const result = await stop?.({ id: run.id }).catch(() => null);
    if (result?.ok) return;
    setBusy(false);
    setError(result?.error.message ?? 'The server did not answer. Try again.');
  };
  const { status, place, progress } = run;
  const share = progress && progress.total > 0 ? progress.done / progress.total : null;
  return (
    <div className="flex max-w-xl flex-col gap-3" aria-live="polite">
      <Status tone="info" live>
        {status === 'queued' && (place === 0 ? 'Next in the queue' : `Waits; ${place} before it`)}
        {status === 'running' && (progress ? stages[progress.stage] : 'Starts')}
        {status === 'stopping' && 'Stops after this step'}
      </Status>
      {status === 'running' && <Progress value={share} label="Training steps of this stage" />}
      {stop && status !== 'stopping' && (
        <Button className="self-start" busy={busy} onClick={ask}>
          <Icon name="stop" className="size-3.5" /> Stop
        </Button>
      )}
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
      <RefreshWhile />
    </div>
  );
}
