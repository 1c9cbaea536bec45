import { defineRoute } from '#app/_server/define-route.ts';
import { holdOnChannel } from '#lib/serving/hold-on-channel.ts';
import { acceptTask } from '#lib/tasks/accept-task.ts';
import { acceptTaskSchema } from '#lib/tasks/schema.ts';

/** Its asker agrees to a task's price, which is held until the task is closed. */
export const POST = defineRoute({
  input: acceptTaskSchema,
  auth: 'account',
  scope: 'ask',
  limit: { name: 'tasks', max: 120, windowSeconds: 60 },
  run: async ({ deps, actor, input, apiKey }) => {
    const agreed = { id: input.id, maxWei: BigInt(input.max_wei), apiKeyId: apiKey?.id ?? null };
    const { heldWei } = await acceptTask({ ...deps, holdPrice: holdOnChannel }, actor, agreed);
    return { held_wei: heldWei };
  },
});
