import { and, eq, gte, or, type SQL, sql } from 'drizzle-orm';
import { inferences } from '#db/schema/models.ts';

/** Condition: completed answers since `from` that an account paid for or asked, whichever way. */
export function ownAnswers(account: `0x${string}`, from: Date): SQL | undefined {
  return and(
    eq(inferences.status, 'completed'),
    gte(inferences.createdAt, from),
    or(eq(inferences.payer, account), eq(inferences.callerKey, account)),
  );
}

export const promptTokens = sql<number>`coalesce(jsonb_array_length(${inferences.promptIds}), 0)`;
export const completionTokens = sql<number>`coalesce(jsonb_array_length(${inferences.completionIds}), 0)`;
