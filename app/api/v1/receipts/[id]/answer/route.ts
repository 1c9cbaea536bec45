import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { getAnswerRecord } from '#lib/attribution/get-answer-record.ts';

/** Words, tokens and salt of an answer, for who asked (their API key or session): `npm run verify -- <id> --answer <this file>`. */
export const GET = defineRoute({
  input: z.object({ id: z.string() }),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: ({ deps, actor, input, callerKey }) => getAnswerRecord(deps, actor, { receiptId: input.id, callerKey }),
});
