import { defineRoute } from '#app/_server/define-route.ts';
import { listJobEvents } from '#lib/fine-tuning/list-job-events.ts';
import { getFineTuningJob } from '#lib/fine-tuning/queries.ts';
import { jobIdSchema, pageSchema } from '#lib/fine-tuning/schema.ts';
import { toPage } from '../../../../_page-object.ts';

/**
 * Checkpoints of the job, newest first. Training goes on and forks from each; the one that the adapter was written at (the best, or the last) can be asked,
 * so it alone names a model.
 */
export const GET = defineRoute({
  input: pageSchema.extend(jobIdSchema.shape),
  auth: 'account',
  scope: 'train',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const job = await getFineTuningJob(deps, actor, input);
    const { data, hasMore } = await listJobEvents(deps, actor, { ...input, types: ['checkpoint'] });
    const ended = await listJobEvents(deps, actor, { id: input.id, limit: 1, types: ['done'] });
    const adapterStep = ended.data[0]?.data.adapterStep;
    const checkpoints = data.map(({ seq, data: { step, sha256 }, at }) => ({
      id: `ftckpt_${job.runId.slice(-16)}_${seq}`,
      object: 'fine_tuning.job.checkpoint',
      created_at: Math.floor(at.getTime() / 1000),
      fine_tuning_job_id: job.id,
      fine_tuned_model_checkpoint: step === adapterStep ? job.modelSlug : null,
      step_number: step,
      metrics: { step },
      openledger: { sha256 },
    }));
    return toPage(checkpoints, hasMore);
  },
});
