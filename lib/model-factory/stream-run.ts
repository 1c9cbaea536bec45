import type { Deps } from '#lib/platform/deps.ts';
import { listRunEvents } from './queries.ts';
import { RunFeed } from './run-feed.ts';
import type { RunEvent, RunSummary } from './types.ts';

/** What a reader of a live run is sent. `event` carries the seq to go on after; `end` is the last. */
export type RunStreamItem =
  | { kind: 'event'; event: RunEvent }
  | { kind: 'run'; run: RunSummary }
  | { kind: 'beat' }
  | { kind: 'end' };

const batch = 500;
const beatEveryPolls = 15;

/**
 * A run's events after `afterSeq` as they come, its state whenever it changes, a heartbeat now and then, and the end. All readers
 * of a run in this process share one look in `pollMs` (run-feed.ts); only who comes late reads what was said before by
 * itself. Stops when `signal` does.
 */
export async function* streamRun(
  deps: Pick<Deps, 'db'>,
  input: { runId: string; afterSeq: number; pollMs?: number; signal: AbortSignal },
): AsyncGenerator<RunStreamItem> {
  const { runId, signal } = input;
  const feed = RunFeed.of(deps.db, runId, input.pollMs ?? 1_000);
  const watch = feed.watch();
  try {
    let seq = input.afterSeq;
    let said = '';
    let beaten = 0;
    while (!signal.aborted) {
      const look = await watch.next(signal);
      if (!look) return;
      for (;;) {
        const events = look.since(seq) ?? (await listRunEvents(deps.db, runId, seq, batch));
        for (const event of events) yield { kind: 'event', event };
        seq = events.at(-1)?.seq ?? seq;
        if (seq >= look.seq || events.length === 0) break;
      }
      if (look.state !== said) yield { kind: 'run', run: look.run };
      said = look.state;
      if (isOver(look.run)) {
        yield { kind: 'end' };
        return;
      }
      if (look.count - beaten >= beatEveryPolls) {
        yield { kind: 'beat' };
        beaten = look.count;
      }
    }
  } finally {
    watch.leave();
  }
}

/** No worker will add to what this run said, unless its owner resumes it. */
export function isOver(run: Pick<RunSummary, 'status'>): boolean {
  return ['succeeded', 'failed', 'stopped', 'cancelled'].includes(run.status);
}
