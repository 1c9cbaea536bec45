import { jobStatusOf } from '#lib/fine-tuning/rules.ts';
import type { FineTuningJob } from '#lib/fine-tuning/types.ts';

const seconds = (at: Date | null) => (at ? Math.floor(at.getTime() / 1000) : null);

/** A job in OpenAI's shape, with where its run and rows are. */
export function toJobObject(job: FineTuningJob, appUrl: string) {
  const { hyperparameters } = job;
  const failed = job.status === 'failed';
  return {
    id: job.id,
    object: 'fine_tuning.job',
    model: job.baseModel,
    created_at: seconds(job.createdAt),
    finished_at: job.status === 'stopped' ? null : seconds(job.endedAt),
    fine_tuned_model: job.modelSlug,
    organization_id: job.owner,
    status: jobStatusOf(job.status),
    training_file: job.fileId,
    validation_file: null,
    result_files: [],
    integrations: [],
    hyperparameters,
    method: { type: 'supervised', supervised: { hyperparameters } },
    metadata: job.metadata,
    seed: job.seed,
    trained_tokens: job.status === 'succeeded' ? job.trainTokens : null,
    estimated_finish: null,
    error: failed ? { code: job.errorCode ?? 'training_failed', message: job.errorMessage, param: null } : null,
    openledger: {
      run_id: job.runId,
      version_id: job.versionId,
      run: `${appUrl.replace(/\/$/, '')}/runs/${job.runId}`,
      total_steps: job.totalSteps,
    },
  };
}
