import { defineRoute } from '#app/_server/define-route.ts';
import { closeTask } from '#lib/tasks/close-task.ts';
import { closeTaskSchema } from '#lib/tasks/schema.ts';

/** Closes a task with the receipt that its app signed; answers it with the gateway's signature beside. */
export const POST = defineRoute({
  input: closeTaskSchema,
  auth: 'visitor',
  limit: { name: 'tasks', max: 120, windowSeconds: 60 },
  maxBytes: 100_000,
  run: ({ deps, input }) => closeTask(deps, input),
});
