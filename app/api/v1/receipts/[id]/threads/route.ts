import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getAnswerThreads } from '#lib/attribution/get-answer-threads.ts';

/** Where an answer stands word for word in training rows, for who asked (their API key or session). */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: ({ deps, actor, input, callerKey }) => getAnswerThreads(deps, actor, { receiptId: input.id, callerKey }),
});
