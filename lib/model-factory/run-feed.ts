import type { Deps } from '#lib/platform/deps.ts';
import { findNewestSeq, getRun, listRunEvents } from './queries.ts';
import type { RunEvent, RunSummary } from './types.ts';

type Db = Deps['db'];

/** One look at a run: its state, and the newest events that all readers share. */
export type RunLook = {
  /** Looks since the feed began. */
  count: number;
  run: RunSummary;
  /** The state as text, to tell a change; without the step, which events tell already. */
  state: string;
  /** Newest event that is known. */
  seq: number;
  /** Events after `seq` where they are still kept, else null. */
  since(seq: number): RunEvent[] | null;
};

const keptEvents = 2_000;
const readAtOnce = 500;
/** Looks in which nothing happened that a waiting reader is not woken for. */
const quietLooks = 15;

/**
 * Looks at one run for all its readers in this process: once in `pollMs`, by two primary keys, however many wait. Readers wait for
 * a change, so that idle ones cost a wake-up in fifteen looks and nothing else. It stands still while nobody reads.
 */
export class RunFeed {
  private static readonly feeds = new WeakMap<Db, Map<string, RunFeed>>();

  private readonly db: Db;
  private readonly runId: string;
  private readonly pollMs: number;
  private readonly waiting = new Set<() => void>();
  private readers = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looking: Promise<void> | null = null;
  private events: RunEvent[] = [];
  private last: RunLook | null = null;
  private failure: unknown = null;
  private changedAt = 0;

  /** The feed of a run; one a process and run while somebody reads. */
  static of(db: Db, runId: string, pollMs: number): RunFeed {
    const feeds = RunFeed.feeds.get(db) ?? new Map<string, RunFeed>();
    RunFeed.feeds.set(db, feeds);
    const feed = feeds.get(runId) ?? new RunFeed(db, runId, pollMs);
    feeds.set(runId, feed);
    return feed;
  }

  private constructor(db: Db, runId: string, pollMs: number) {
    this.db = db;
    this.runId = runId;
    this.pollMs = pollMs;
  }

  /** A place to wait at. The first `next` answers at once with what is known; call `leave` in the end. */
  watch() {
    this.readers++;
    let seen = -1;
    let isIn = true;
    return {
      /** The next look in which something changed, or after a while; null when `signal` ends the wait. Throws as the look did. */
      next: async (signal: AbortSignal): Promise<RunLook | null> => {
        if (seen < 0) await this.look();
        while (!signal.aborted) {
          if (this.failure) throw this.failure;
          const { last } = this;
          if (last && (seen < 0 || this.changedAt > seen || last.count - seen >= quietLooks)) {
            seen = last.count;
            return last;
          }
          await this.wait(signal);
        }
        return null;
      },
      leave: () => {
        if (isIn) this.readers--;
        isIn = false;
        if (this.readers > 0) return;
        clearTimeout(this.timer);
        this.timer = undefined;
        RunFeed.feeds.get(this.db)?.delete(this.runId);
      },
    };
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
      this.timer ??= setTimeout(() => void this.look(), this.pollMs);
    });
  }

  /** Looks now, or joins the look under way. */
  private look(): Promise<void> {
    this.looking ??= this.read().finally(() => {
      this.looking = null;
      clearTimeout(this.timer);
      this.timer = undefined;
      if (this.readers > 0) this.timer = setTimeout(() => void this.look(), this.pollMs);
    });
    return this.looking;
  }

  private async read(): Promise<void> {
    this.failure = null;
    try {
      // State first: events that come after it are told by the next look, so none is lost behind the end.
      const run = await getRun(this.db, this.runId);
      const from = this.last?.seq ?? Math.max(0, (await findNewestSeq(this.db, this.runId)) - readAtOnce);
      const events = await listRunEvents(this.db, this.runId, from, readAtOnce);
      this.take(run, events, from);
    } catch (error) {
      this.failure = error;
      this.wake();
    }
  }

  private take(run: RunSummary, events: RunEvent[], from: number): void {
    const count = (this.last?.count ?? 0) + 1;
    this.events = [...this.events, ...events].slice(-keptEvents);
    const kept = this.events;
    const first = kept[0]?.seq ?? from + 1;
    const state = JSON.stringify({ ...run, step: 0 });
    const isNew = events.length > 0 || state !== this.last?.state;
    const seq = events.at(-1)?.seq ?? from;
    const since = (after: number) => (after + 1 < first ? null : kept.filter((event) => event.seq > after));
    this.last = { count, run, state, seq, since };
    if (isNew) this.changedAt = count;
    if (isNew || count % quietLooks === 0) this.wake();
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}
