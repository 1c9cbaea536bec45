import { readUpload } from '#lib/contributions/uploads/read-upload.ts';
import type { JobName, Jobs } from '#lib/platform/queue/job-queue.ts';
import { payPools } from '#lib/rewards/pay-pools.ts';
import { settleRewardPeriod } from '#lib/rewards/settle-reward-period.ts';
import type { WorkerDeps } from '../deps.ts';
import { answerWithoutJob } from './answer-without.ts';
import { attributeInferenceJob } from './attribute-inference.ts';
import { auditAdapterJob } from './audit-adapter.ts';
import { checkChallengeJob } from './check-challenge.ts';
import { claimVouchersJob } from './claim-vouchers.ts';
import { eraseRowJob } from './erase-row.ts';
import { evaluateAdapterJob } from './evaluate-adapter.ts';
import { exportModelJob } from './export-model.ts';
import { exportVersionJob } from './export-version.ts';
import { freezeVersionJob } from './freeze-version.ts';
import { measureHarmJob } from './measure-harm.ts';
import { measurePerplexityJob } from './measure-perplexity.ts';
import { runAttackJob } from './run-attack.ts';
import { scanDatanetJob } from './scan-datanet.ts';
import { trainAdapterJob } from './train-adapter.ts';

/**
 * Does one job. It may run twice (a killed worker's job is given to another), so handlers are idempotent. Throwing tries
 * the job again later. `signal` aborts when the process stops.
 */
export type JobHandler<N extends JobName> = (deps: WorkerDeps, payload: Jobs[N], signal: AbortSignal) => Promise<void>;

/** Handlers by job name, and how many of each run at once in one process. */
export type JobRegistry = { [N in JobName]: { handle: JobHandler<N>; concurrency: number } };

export const jobRegistry: JobRegistry = {
  'train-adapter': { handle: trainAdapterJob, concurrency: 1 },
  'attribute-inference': { handle: attributeInferenceJob, concurrency: 2 },
  'answer-without': { handle: answerWithoutJob, concurrency: 1 },
  'settle-reward-period': { handle: async (deps) => void (await settleRewardPeriod(deps)), concurrency: 1 },
  'claim-vouchers': { handle: claimVouchersJob, concurrency: 1 },
  'pay-pools': { handle: async (deps) => void (await payPools(deps)), concurrency: 1 },
  'check-challenge': { handle: checkChallengeJob, concurrency: 1 },
  'measure-harm': { handle: measureHarmJob, concurrency: 1 },
  'evaluate-adapter': { handle: evaluateAdapterJob, concurrency: 1 },
  'audit-adapter': { handle: auditAdapterJob, concurrency: 1 },
  'export-model': { handle: exportModelJob, concurrency: 1 },
  'run-attack': { handle: runAttackJob, concurrency: 1 },
  'erase-row': { handle: eraseRowJob, concurrency: 1 },
  'scan-datanet': { handle: scanDatanetJob, concurrency: 1 },
  'measure-perplexity': { handle: measurePerplexityJob, concurrency: 1 },
  'export-version': { handle: exportVersionJob, concurrency: 1 },
  'freeze-version': { handle: freezeVersionJob, concurrency: 1 },
  'read-upload': {
    handle: (deps, { uploadId }, signal) => readUpload(deps, uploadId, signal),
    concurrency: 1,
  },
};
