import { and, eq, isNull } from 'drizzle-orm';
import { modelPasses } from '#db/schema/model-passes.ts';
import { models } from '#db/schema/models.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { PassBoughtError, PassForbiddenError, PassNotFoundError } from './errors.ts';
import type { RevokePassInput } from './schema.ts';

/**
 * The owner of the model takes a pass back that they granted: from the next question on it lets nobody ask. An answer that has begun is
 * finished. What was bought is not taken back.
 *
 * @throws {NotSignedInError | PassNotFoundError | PassForbiddenError | PassBoughtError}
 */
export async function revokePass(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { passId }: RevokePassInput,
): Promise<void> {
  const { address } = assertAccount(actor);
  await deps.db.transaction(async (tx) => {
    const [pass] = await tx
      .select({ source: modelPasses.source, owner: models.owner })
      .from(modelPasses)
      .innerJoin(models, eq(models.id, modelPasses.familyId))
      .where(and(eq(modelPasses.id, passId), isNull(modelPasses.revokedAt)))
      .for('update', { of: modelPasses });
    if (!pass) throw new PassNotFoundError();
    if (pass.owner !== address) throw new PassForbiddenError();
    if (pass.source === 'bought') throw new PassBoughtError();
    await tx.update(modelPasses).set({ revokedAt: deps.now() }).where(eq(modelPasses.id, passId));
  });
}
