import type { BuiltGraph } from '../graph/builder.ts';
import { OrtSession, type SessionOptions } from './ort-session.ts';

/**
 * A small least-recently-used set of compiled graphs, one per static shape (batch, time) bucket.
 * For one caller at a time: a session may be released as soon as another one is asked for.
 */
export class SessionCache {
  private readonly sessions = new Map<string, OrtSession>();
  private readonly capacity: number;
  private readonly options: SessionOptions;

  constructor(capacity: number, options: SessionOptions) {
    this.capacity = capacity;
    this.options = options;
  }

  /** The session for `key`, compiled from `build()` at first use. The oldest one is released when there are too many. */
  async get(key: string, build: () => BuiltGraph): Promise<OrtSession> {
    const session = this.sessions.get(key) ?? (await OrtSession.create(build(), this.options));
    this.sessions.delete(key);
    this.sessions.set(key, session);
    if (this.sessions.size > this.capacity) {
      const [oldestKey, oldest] = this.sessions.entries().next().value!;
      this.sessions.delete(oldestKey);
      await oldest.release();
    }
    return session;
  }

  async release(): Promise<void> {
    const all = [...this.sessions.values()];
    this.sessions.clear();
    for (const session of all) await session.release();
  }
}
