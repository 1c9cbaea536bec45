import { randomBytes } from 'node:crypto';
import type { PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import { privateKeyToAccount } from 'viem/accounts';
import { openDatabase } from '#db/client.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { readDeployment } from '#lib/platform/deployment.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { Env } from '#lib/platform/env.ts';
import { pgBossQueue } from '#lib/platform/queue/job-queue.ts';
import { startQueue } from '#lib/platform/queue/start-queue.ts';
import { openObjectStore } from '#lib/platform/storage/open-object-store.ts';

export type WorkerDeps = Deps & {
  boss: PgBoss;
  /** Ends jobs under way within `graceMs`, then the connections. */
  close(): Promise<void>;
};

const graceMs = 6_000; // the launcher kills after 8 s

/** What the handlers and loops of one worker process work with. `supervise` in the jobs process only. */
export async function buildDeps(env: Env, log: Logger, options: { supervise: boolean }): Promise<WorkerDeps> {
  const { db, close } = openDatabase(env.DATABASE_URL, { max: 10 });
  const boss = await startQueue({
    databaseUrl: env.DATABASE_URL,
    supervise: options.supervise,
    onError: (err) => log.error({ err }, 'the job queue reported an error'),
  });
  return {
    db,
    store: openObjectStore(env),
    boss,
    queue: pgBossQueue(boss),
    chain: createChainClient(env),
    operator: privateKeyToAccount(env.OPERATOR_PRIVATE_KEY),
    deployment: readDeployment(env.DEPLOYMENT_FILE),
    env,
    log,
    now: () => new Date(),
    randomBytes: (size) => randomBytes(size),
    async close() {
      await boss.stop({ graceful: true, timeout: graceMs }).catch((err) => log.warn({ err }, 'the queue did not stop'));
      await close();
    },
  };
}
