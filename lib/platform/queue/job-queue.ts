import { sql } from 'drizzle-orm';
import { fromDrizzle, type PgBoss } from 'pg-boss';
import type { DatabaseOrTransaction } from '#db/client.ts';

/** Job name to payload. Handlers stand in worker/jobs/registry.ts under the same names. */
export type Jobs = {
  'train-adapter': { runId: string };
  'attribute-inference': { inferenceId: string };
  'answer-without': { id: string };
  'settle-reward-period': { requestedAt: string };
  'claim-vouchers': { requestedAt: string };
  'pay-pools': { requestedAt: string };
  'check-challenge': { challengeId: string };
  'measure-harm': { adapterId: string };
  'evaluate-adapter': { evaluationId: string };
  'audit-adapter': { auditId: string };
  'export-model': { adapterId: string; format: 'adapter' | 'merged' | 'gguf' };
  'run-attack': { id: string };
  'export-version': { versionId: string };
  'freeze-version': { freezeId: string };
  'scan-datanet': { datanetId: string };
  'measure-perplexity': { datanetId: string };
  'read-upload': { uploadId: string };
  'erase-row': { exampleId: string };
};
export type JobName = keyof Jobs;
export const jobNames: readonly JobName[] = [
  'train-adapter',
  'attribute-inference',
  'answer-without',
  'settle-reward-period',
  'claim-vouchers',
  'pay-pools',
  'check-challenge',
  'measure-harm',
  'evaluate-adapter',
  'audit-adapter',
  'export-model',
  'run-attack',
  'export-version',
  'freeze-version',
  'scan-datanet',
  'measure-perplexity',
  'read-upload',
  'erase-row',
];

export type SendOptions = {
  /** Two sends with the same key while one is waiting or running make one job. */
  key: string;
  /** An open transaction: the job exists exactly when it commits. */
  tx?: DatabaseOrTransaction;
};

/** Work that outlives a request. */
export interface JobQueue {
  send<N extends JobName>(name: N, payload: Jobs[N], options: SendOptions): Promise<void>;
}

/** Jobs on PostgreSQL by pg-boss. `boss` comes from `startQueue`. */
export function pgBossQueue(boss: PgBoss): JobQueue {
  return {
    async send(name, payload, { key, tx }) {
      await boss.send(name, payload, { singletonKey: key, ...(tx ? { db: fromDrizzle(tx, sql) } : {}) });
    },
  };
}
