import { PgBoss, policies } from 'pg-boss';
import { type JobName, jobNames } from './job-queue.ts';

/** Jobs that failed on every attempt end here, with their payload and the last error, until somebody looks. */
export const deadLetterQueue = 'dead-letter';

/**
 * A job whose worker has not been heard of for this long is given to another one. With the supervision every two seconds
 * and a retry delay of one, a killed worker's job runs again within about 15 s (10 is the least that pg-boss takes).
 */
const heartbeatSeconds = 10;
const dayInSeconds = 86_400;

/**
 * How often and how soon a job is tried before it is dead. Training survives many kills, because each attempt starts at a
 * checkpoint, and is taken up again at once; the others fail for reasons that need some time.
 */
const retries: Record<
  JobName,
  { retryLimit: number; retryDelay: number; retryBackoff: boolean; retryDelayMax?: number }
> = {
  'train-adapter': { retryLimit: 60, retryDelay: 1, retryBackoff: false },
  'attribute-inference': { retryLimit: 8, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
  'answer-without': { retryLimit: 3, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
  'settle-reward-period': { retryLimit: 12, retryDelay: 1, retryBackoff: true, retryDelayMax: 15 },
  'claim-vouchers': { retryLimit: 12, retryDelay: 1, retryBackoff: true, retryDelayMax: 15 },
  'pay-pools': { retryLimit: 12, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
  'check-challenge': { retryLimit: 8, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
  'measure-harm': { retryLimit: 5, retryDelay: 5, retryBackoff: true, retryDelayMax: 60 },
  'evaluate-adapter': { retryLimit: 5, retryDelay: 5, retryBackoff: true, retryDelayMax: 60 },
  'audit-adapter': { retryLimit: 5, retryDelay: 2, retryBackoff: true, retryDelayMax: 60 },
  'export-model': { retryLimit: 5, retryDelay: 2, retryBackoff: true, retryDelayMax: 60 },
  'run-attack': { retryLimit: 3, retryDelay: 5, retryBackoff: true, retryDelayMax: 60 },
  'export-version': { retryLimit: 3, retryDelay: 5, retryBackoff: true, retryDelayMax: 60 },
  'freeze-version': { retryLimit: 5, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
  'read-upload': { retryLimit: 20, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
  'scan-datanet': { retryLimit: 3, retryDelay: 5, retryBackoff: true, retryDelayMax: 60 },
  'measure-perplexity': { retryLimit: 3, retryDelay: 5, retryBackoff: true, retryDelayMax: 60 },
  'erase-row': { retryLimit: 20, retryDelay: 1, retryBackoff: true, retryDelayMax: 60 },
};

export type QueueOptions = {
  databaseUrl: string;
  /** True in the jobs process: it watches heartbeats and expiry. The web tier only sends. */
  supervise: boolean;
  onError: (error: unknown) => void;
};

/** Connects to the queue, creates its tables and our queues where they are missing. Stop it with `boss.stop()`. */
export async function startQueue({ databaseUrl, supervise, onError }: QueueOptions): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: supervise ? 'openledger-jobs' : 'openledger-send',
    max: supervise ? 6 : 2,
    supervise,
    schedule: false,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    monitorVacuum: false,
  });
  boss.on('error', onError);
  await boss.start();
  await createQueues(boss);
  return boss;
}

/** Safe to run twice and by several processes at once. */
async function createQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue(deadLetterQueue, { retentionSeconds: 365 * dayInSeconds });
  for (const name of jobNames) {
    const options = {
      ...retries[name],
      expireInSeconds: dayInSeconds,
      heartbeatSeconds,
      deadLetter: deadLetterQueue,
    };
    // `exclusive`: one job a key, waiting or running.
    await boss.createQueue(name, { policy: policies.exclusive, ...options });
    await boss.updateQueue(name, options);
  }
}
