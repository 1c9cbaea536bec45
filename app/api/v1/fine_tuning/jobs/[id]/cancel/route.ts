import { defineRoute } from '#app/_server/define-route.ts';
import { cancelFineTuningJob } from '#lib/fine-tuning/cancel-fine-tuning-job.ts';
import { getFineTuningJob } from '#lib/fine-tuning/queries.ts';
import { jobIdSchema } from '#lib/fine-tuning/schema.ts';
import { stopTrainingRun } from '#lib/model-factory/change-training-run.ts';
import { toJobObject } from '../../_job-object.ts';

/** Ends the job for good. Refused once its run has succeeded or failed. */
export const POST = defineRoute({
  input: jobIdSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'fine-tuning', max: 20, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { runId } = await getFineTuningJob(deps, actor, input);
    await stopTrainingRun(deps, actor, { runId });
    await cancelFineTuningJob(deps, actor, input);
    return toJobObject(await getFineTuningJob(deps, actor, input), deps.env.APP_URL);
  },
});
