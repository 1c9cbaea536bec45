import type { Tone } from '#components/ui/badge.tsx';
import { Status } from '#components/ui/status.tsx';
import type { RunStatus } from '#lib/model-factory/types.ts';

const words: Record<RunStatus, { tone: Tone; text: string; live?: true }> = {
  queued: { tone: 'info', text: 'Waiting for the trainer', live: true },
  running: { tone: 'info', text: 'Training', live: true },
  stopping: { tone: 'warn', text: 'Stopping after this step', live: true },
  cancelling: { tone: 'warn', text: 'Being cancelled', live: true },
  stopped: { tone: 'warn', text: 'Stopped' },
  cancelled: { tone: 'neutral', text: 'Cancelled' },
  failed: { tone: 'bad', text: 'Failed' },
  succeeded: { tone: 'good', text: 'Finished' },
};

/** Of a merge, which trains nothing. */
const mergeWords: Partial<Record<RunStatus, string>> = {
  queued: 'Waiting for a worker',
  running: 'Merging',
  stopping: 'Being stopped',
};

/** Where a run stands, in words. */
export function RunStatusLabel({ status, isMerge = false }: { status: RunStatus; isMerge?: boolean }) {
  const { tone, text, live } = words[status];
  return (
    <Status tone={tone} {...(live && { live })}>
      {isMerge ? (mergeWords[status] ?? text) : text}
    </Status>
  );
}
