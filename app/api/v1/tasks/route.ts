import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { taskCallsMax, taskDepthMax } from '#lib/kernel/task/task-schema.ts';
import { openTask } from '#lib/tasks/open-task.ts';
import { taskOpenMs } from '#lib/tasks/rules.ts';
import { openTaskSchema } from '#lib/tasks/schema.ts';

/** What an opening must name, and how deep tasks may work for each other. */
export const GET = defineRoute({
  input: z.object({}),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps }) => ({
    gateway: deps.operator.address.toLowerCase(),
    ...{ depth_max: taskDepthMax, calls_max: taskCallsMax, open_seconds: taskOpenMs / 1000 },
  }),
});

/** Opens a task: what an app or agent is going to do for somebody. Its signature is its right to do so. */
export const POST = defineRoute({
  input: openTaskSchema,
  auth: 'visitor',
  limit: { name: 'tasks', max: 120, windowSeconds: 60 },
  maxBytes: 10_000,
  run: ({ deps, input }) => openTask(deps, input),
});
