import type { Deps } from '#lib/platform/deps.ts';
import { getRun, listRunEvents } from './queries.ts';
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
 * A run's events after `afterSeq` as they come, its state whenever it changes, a heartbeat now and then, and the end. Looks
 * once in `pollMs` at two primary keys; no worker or connection is held between looks. Stops when `signal` does.
 */
export async function* streamRun(
  deps: Pick<Deps, 'db'>,
  input: { runId: string; afterSeq: number; pollMs?: number; signal: AbortSignal },
): AsyncGenerator<RunStreamItem> {
  let seq = input.afterSeq;
  let said = '';
  for (let polls = 1; !input.signal.aborted; polls++) {
    // State first: events that come after it are sent by the next look, so none is lost behind the end.
    const run = await getRun(deps.db, input.runId);
    const events = await listRunEvents(deps.db, input.runId, seq, batch);
    for (const event of events) yield { kind: 'event', event };
    seq = events.at(-1)?.seq ?? seq;
    const state = JSON.stringify({ ...run, step: 0 }); // the steps are events already
    if (state !== said) yield { kind: 'run', run };
    said = state;
    if (events.length === batch) continue;
    if (isOver(run)) {
      yield { kind: 'end' };
      return;
    }
    if (polls % beatEveryPolls === 0) yield { kind: 'beat' };
    await wait(input.pollMs ?? 1_000, input.signal);
  }
}

/** No worker will add to what this run said, unless its owner resumes it. */
export function isOver(run: Pick<RunSummary, 'status'>): boolean {
  return run.status === 'succeeded' || run.status === 'failed' || run.status === 'stopped';
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
