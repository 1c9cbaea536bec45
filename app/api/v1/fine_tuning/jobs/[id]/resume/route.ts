import { defineRoute } from '#app/_server/define-route.ts';
import { getFineTuningJob } from '#lib/fine-tuning/queries.ts';
import { jobIdSchema } from '#lib/fine-tuning/schema.ts';
import { resumeTrainingRun } from '#lib/model-factory/change-training-run.ts';
import { toJobObject } from '../../_job-object.ts';

/** Goes on from the last checkpoint. */
export const POST = defineRoute({
  input: jobIdSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'fine-tuning', max: 20, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { runId } = await getFineTuningJob(deps, actor, input);
    await resumeTrainingRun(deps, actor, { runId });
    return toJobObject(await getFineTuningJob(deps, actor, input), deps.env.APP_URL);
  },
});
