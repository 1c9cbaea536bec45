import 'server-only';
import { randomBytes } from 'node:crypto';
import type { PgBoss } from 'pg-boss';
import { privateKeyToAccount } from 'viem/accounts';
import { openDatabase } from '#db/client.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { readDeployment } from '#lib/platform/deployment.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { type Env, loadEnv } from '#lib/platform/env.ts';
import { createLogger } from '#lib/platform/log.ts';
import { type JobQueue, pgBossQueue } from '#lib/platform/queue/job-queue.ts';
import { startQueue } from '#lib/platform/queue/start-queue.ts';
import { openObjectStore } from '#lib/platform/storage/open-object-store.ts';

// Next bundles this module more than once (pages, actions, routes). The pool and the queue must exist once in the process,
// so they are kept on globalThis. Everything else is built in each bundle: an error class of one bundle is not
// `instanceof` the same class in another.
const shared = globalThis as typeof globalThis & {
  openledgerDatabase?: ReturnType<typeof openDatabase>;
  openledgerQueue?: Promise<PgBoss>;
};
let deps: Deps | undefined;

/** What the web tier's use cases work with, built on first use (never during `next build`). */
export function buildDeps(): Deps {
  deps ??= createDeps();
  return deps;
}

function createDeps(): Deps {
  const env = loadEnv(process.env);
  const log = createLogger('web', env);
  shared.openledgerDatabase ??= openDatabase(env.DATABASE_URL, { max: 10 });
  return {
    db: shared.openledgerDatabase.db,
    store: openObjectStore(env),
    queue: sendOnlyQueue(env, (error) => log.error({ err: error }, 'the job queue reported an error')),
    chain: createChainClient(env),
    operator: privateKeyToAccount(env.OPERATOR_PRIVATE_KEY),
    deployment: readDeployment(env.DEPLOYMENT_FILE),
    env,
    log,
    now: () => new Date(),
    randomBytes: (size) => randomBytes(size),
  };
}

/** A queue that connects on the first job, so that pages which only read never open it. A failed start is tried again. */
function sendOnlyQueue(env: Env, onError: (error: unknown) => void): JobQueue {
  const start = () => {
    shared.openledgerQueue ??= startQueue({ databaseUrl: env.DATABASE_URL, supervise: false, onError }).catch(
      (error) => {
        delete shared.openledgerQueue;
        throw error;
      },
    );
    return shared.openledgerQueue;
  };
  return { send: async (name, payload, options) => pgBossQueue(await start()).send(name, payload, options) };
}
