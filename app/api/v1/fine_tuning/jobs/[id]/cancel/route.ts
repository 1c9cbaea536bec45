import { defineRoute } from '#app/_server/define-route.ts';
import { getFineTuningJob } from '#lib/fine-tuning/queries.ts';
import { jobIdSchema } from '#lib/fine-tuning/schema.ts';
import { cancelTrainingRun } from '#lib/model-factory/change-training-run.ts';
import { toJobObject } from '../../_job-object.ts';

/** Ends the job for good. Refused once its run has succeeded. */
export const POST = defineRoute({
  input: jobIdSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'fine-tuning', max: 20, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { runId } = await getFineTuningJob(deps, actor, input);
    await cancelTrainingRun(deps, actor, { runId });
    return toJobObject(await getFineTuningJob(deps, actor, input), deps.env.APP_URL);
  },
});
