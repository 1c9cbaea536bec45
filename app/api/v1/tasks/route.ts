import { defineRoute } from '#app/_server/define-route.ts';
import { openTask } from '#lib/tasks/open-task.ts';
import { openTaskSchema } from '#lib/tasks/schema.ts';

/** Opens a task: what an app or agent is going to do for somebody. Its signature is its right to do so. */
export const POST = defineRoute({
  input: openTaskSchema,
  auth: 'visitor',
  limit: { name: 'tasks', max: 120, windowSeconds: 60 },
  maxBytes: 10_000,
  run: ({ deps, input }) => openTask(deps, input),
});
