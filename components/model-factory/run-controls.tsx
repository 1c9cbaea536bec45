'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import type { RunSummary } from '#lib/model-factory/types.ts';
import type { RunActions } from './run-actions.ts';

/** Stop and Resume, always there for the owner; the one that cannot be used now says why. */
export function RunControls({
  run,
  actions,
  onResumed,
}: {
  run: RunSummary;
  actions: RunActions;
  onResumed: () => void;
}) {
  const [asked, setAsked] = useState<{ verb: 'stop' | 'resume'; status: string } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const act = async (verb: 'stop' | 'resume') => {
    setError(null);
    setAsked({ verb, status: run.status });
    try {
      const result = await actions[verb]({ runId: run.id });
      if (!result.ok) {
        setError(result.error.message);
        setAsked(null);
      } else if (verb === 'resume') onResumed();
    } catch {
      setError('The server did not answer. Check the connection and try again; the run is not affected.');
      setAsked(null);
    }
  };
  // Until the stream shows another state, the click is under way.
  const busy = asked !== null && asked.status === run.status;
  const canStop = run.status === 'queued' || run.status === 'running';
  const canResume = run.status === 'stopped' || run.status === 'failed';
  const finished = run.status === 'succeeded' ? 'The run has finished' : undefined;
  return (
    <div className="flex flex-col items-end gap-1">
      <div className="flex gap-2">
        <Button
          disabled={!canStop}
          busy={busy && asked?.verb === 'stop'}
          title={finished ?? (canStop ? 'Writes a checkpoint, then stops' : 'Nothing is training')}
          onClick={() => act('stop')}
        >
          <Icon name="stop" className="size-3.5" /> Stop
        </Button>
        <Button
          disabled={!canResume}
          busy={busy && asked?.verb === 'resume'}
          title={finished ?? (canResume ? 'Goes on from the last checkpoint' : 'It is training already')}
          onClick={() => act('resume')}
        >
          <Icon name="play" className="size-3.5" /> Resume
        </Button>
      </div>
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
