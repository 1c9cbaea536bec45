'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { OpenedPanel } from '#components/ui/opened-panel.tsx';
import { adviceAfter } from '#lib/model-factory/rules.ts';
import type { RunSummary } from '#lib/model-factory/types.ts';
import type { RunActions } from './run-actions.ts';
import { useTrainingPayment } from './use-training-payment.ts';

type Verb = 'stop' | 'resume' | 'cancel';

/** Stop, Resume, Fork and Cancel, always there for the owner; what cannot be used now says why. */
export function RunControls({
  run,
  actions,
  canFork,
  onResumed,
}: {
  run: RunSummary;
  actions: RunActions;
  /** There is a checkpoint. */
  canFork: boolean;
  /** A run that stood still was changed: its stream had ended, so that nothing would tell. */
  onResumed: () => void;
}) {
  const [asked, setAsked] = useState<{ verb: Verb; status: string } | null>(null);
  const pay = useTrainingPayment(actions.registerVoucher);
  const [error, setError] = useState<string | null>(null);
  const [sure, setSure] = useState(false);
  const act = async (verb: Verb) => {
    setError(null);
    setSure(false);
    setAsked({ verb, status: run.status });
    try {
      const result = await pay(() => actions[verb]({ runId: run.id }));
      if (!result.ok) {
        setError(result.error.message);
        setAsked(null);
      } else if (canResume) onResumed();
    } catch {
      setError('The server did not answer. Check the connection and try again; the run is not affected.');
      setAsked(null);
    }
  };
  // Until the stream shows another state, the click is under way.
  const busy = asked !== null && asked.status === run.status;
  const canStop = run.status === 'queued' || run.status === 'running';
  const isUseless = run.status === 'failed' && adviceAfter(run.errorCode ?? '').again;
  const canResume = run.status === 'stopped' || (run.status === 'failed' && !isUseless);
  const canCancel = canStop || canResume || run.status === 'stopping';
  const ended = { succeeded: 'The run has finished', cancelled: 'The run was cancelled' };
  const finished = ended[run.status as keyof typeof ended];
  return (
    <div className="flex flex-col gap-2 sm:items-end">
      <div className="flex flex-wrap gap-2 sm:justify-end">
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
          title={
            finished ??
            (canResume
              ? 'Goes on from the last checkpoint'
              : isUseless
                ? 'It would fail alike: a new run is needed'
                : 'It is training already')
          }
          onClick={() => act('resume')}
        >
          <Icon name="play" className="size-3.5" /> Resume
        </Button>
        <Button
          disabled={!canFork}
          title={canFork ? 'A new run from the last checkpoint' : 'There is no checkpoint yet'}
          onClick={openFork}
        >
          Fork
        </Button>
        <Button
          variant="quiet"
          disabled={!canCancel}
          busy={busy && asked?.verb === 'cancel'}
          title={finished ?? 'Ends it for good; you pay for what was trained'}
          aria-expanded={sure}
          onClick={() => setSure(!sure)}
        >
          Cancel
        </Button>
      </div>
      {sure && canCancel && (
        <OpenedPanel className="flex flex-col items-start gap-3 border-l-2 border-bad py-1 pl-4">
          <p className="max-w-96 text-sm">
            The run ends for good: no adapter comes of it, nobody can resume it, and what was trained until now is
            charged. Stop instead if you may go on later.
          </p>
          <div className="flex gap-2">
            <Button variant="danger" size="sm" onClick={() => act('cancel')}>
              Cancel the run
            </Button>
            <Button variant="quiet" size="sm" onClick={() => setSure(false)}>
              Keep it
            </Button>
          </div>
        </OpenedPanel>
      )}
      {error && (
        <p role="alert" className="text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

/** The form stands further down, folded. */
function openFork(): void {
  const form = document.getElementById('fork');
  if (!(form instanceof HTMLDetailsElement)) return;
  form.open = true;
  form.scrollIntoView({ block: 'center' });
}
