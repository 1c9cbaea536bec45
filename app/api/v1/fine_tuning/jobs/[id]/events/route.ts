import { defineRoute } from '#app/_server/define-route.ts';
import { listJobEvents } from '#lib/fine-tuning/list-job-events.ts';
import { jobIdSchema, pageSchema } from '#lib/fine-tuning/schema.ts';
import { toPage } from '../../../../_page-object.ts';
import { toEventObject } from './_event-object.ts';

/** What the job's run said, newest first. */
export const GET = defineRoute({
  input: pageSchema.extend(jobIdSchema.shape),
  auth: 'account',
  scope: 'train',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { runId, data, hasMore } = await listJobEvents(deps, actor, input);
    return toPage(
      data.map((event) => toEventObject(runId, event)),
      hasMore,
    );
  },
});
