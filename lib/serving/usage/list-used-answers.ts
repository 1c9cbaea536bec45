import { and, desc, eq, lt } from 'drizzle-orm';
import { apiKeys } from '#db/schema/auth.ts';
import { inferences, models } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { UsedAnswer } from '../types.ts';
import { completionTokens, ownAnswers, promptTokens } from './own-answers.ts';

/** An account's answers since `from`, newest first; `before` is the id of the last that one has. */
export async function listUsedAnswers(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { from, before, limit }: { from: Date; before?: string | undefined; limit: number },
): Promise<UsedAnswer[]> {
  const { address } = assertAccount(actor);
  return deps.db
    .select({
      ...{ id: inferences.id, at: inferences.createdAt, model: models.slug, key: apiKeys.name, promptTokens },
      ...{ keyId: inferences.apiKeyId, completionTokens },
      ...{ finishReason: inferences.finishReason, feeWei: inferences.feeWei },
    })
    .from(inferences)
    .innerJoin(models, eq(models.id, inferences.modelId))
    .leftJoin(apiKeys, eq(apiKeys.id, inferences.apiKeyId))
    .where(and(ownAnswers(address, from), before ? lt(inferences.id, before) : undefined))
    .orderBy(desc(inferences.id))
    .limit(limit);
}
