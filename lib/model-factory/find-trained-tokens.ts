import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { trainingEvents } from '#db/schema/models.ts';

/**
 * What a run has trained on so far: its newest step, and the tokens of all steps until then, as the share of those that the whole
 * run would have. A step that was taken twice, after a resume, counts once.
 */
export async function findTrainedTokens(
  db: DatabaseOrTransaction,
  runId: string,
): Promise<{ step: number; trainedTokens: number }> {
  const [said] = await db
    .select({
      step: sql<number | null>`max((data ->> 'step')::int) filter (where type = 'step')`,
      total: sql<number | null>`max((data ->> 'totalSteps')::int) filter (where type = 'started')`,
      tokens: sql<number | null>`max((data ->> 'trainTokens')::float8) filter (where type = 'started')`,
    })
    .from(trainingEvents)
    .where(eq(trainingEvents.runId, runId));
  const step = said?.step ?? 0;
  return { step, trainedTokens: said?.total ? Math.round(((said.tokens ?? 0) * step) / said.total) : 0 };
}
