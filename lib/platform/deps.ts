import type { Logger } from 'pino';
import type { Account, PublicClient } from 'viem';
import type { Database } from '#db/client.ts';
import type { Deployment } from './deployment.ts';
import type { Env } from './env.ts';
import type { JobQueue } from './queue/job-queue.ts';
import type { ObjectStore } from './storage/object-store.ts';

/**
 * What use cases work with; a plain object built in `app/_server/deps.ts` and `worker/deps.ts`, nowhere else. A use case
 * takes the narrowest `Pick<Deps, ...>` that it needs.
 */
export type Deps = {
  db: Database;
  store: ObjectStore;
  queue: JobQueue;
  chain: PublicClient;
  /** Gateway, publisher and channel receiver's claimer; signs receipts and settlement transactions. */
  operator: Account;
  deployment: Deployment;
  env: Env;
  log: Logger;
  /** Time and randomness are arguments (architecture.md), so tests decide them. */
  now(): Date;
  randomBytes(size: number): Uint8Array;
};

/** Who acts. `address` lower-case. Routes without a session pass `visitor`. */
export type Actor = { kind: 'account'; address: `0x${string}` } | { kind: 'visitor' } | { kind: 'system' };
