import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { TaskNotFoundError } from '#lib/tasks/errors.ts';
import { findTaskView } from '#lib/tasks/queries.ts';

/** A task with its signatures, its calls as the books have them, and once it is closed its receipt. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, input }) => {
    const task = await findTaskView(deps.db, input.id, deps.now());
    if (!task) throw new TaskNotFoundError();
    return task;
  },
});
