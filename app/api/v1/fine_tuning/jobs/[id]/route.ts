import { defineRoute } from '#app/_server/define-route.ts';
import { getFineTuningJob } from '#lib/fine-tuning/queries.ts';
import { jobIdSchema } from '#lib/fine-tuning/schema.ts';
import { toJobObject } from '../_job-object.ts';

export const GET = defineRoute({
  input: jobIdSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => toJobObject(await getFineTuningJob(deps, actor, input), deps.env.APP_URL),
});
