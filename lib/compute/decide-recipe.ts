import { and, eq } from 'drizzle-orm';
import { computeJobs, computeRecipes } from '#db/schema/compute.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ComputeRefusedError } from './errors.ts';
import type { DecideRecipeInput } from './schema.ts';

/**
 * Approves a recipe by its hash, for all who ask for it from now on, or refuses it with a reason. Trainings that wait for it go on or
 * end. A later decision replaces it; trainings that run are not stopped.
 *
 * @throws {ComputeRefusedError} nobody asked for it. @throws {DatanetForbiddenError}
 */
export async function decideRecipe(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: DecideRecipeInput,
): Promise<{ decided: number; slug: string }> {
  const { address: decidedBy } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, input.datanetId, decidedBy, 'approve recipes');
  const { recipeHash, decision, reason = null } = input;
  const isAsked = and(eq(computeJobs.datanetId, datanet.id), eq(computeJobs.recipeHash, recipeHash));
  return deps.db.transaction(async (tx) => {
    if ((await tx.$count(computeJobs, isAsked)) === 0) throw new ComputeRefusedError('Nobody asked for this recipe.');
    const row = { datanetId: datanet.id, recipeHash, decision, reason, decidedBy, decidedAt: deps.now() };
    const target = [computeRecipes.datanetId, computeRecipes.recipeHash];
    await tx.insert(computeRecipes).values(row).onConflictDoUpdate({ target, set: row });
    const outcome =
      decision === 'approved'
        ? { status: 'queued' as const }
        : { status: 'refused' as const, error: reason, endedAt: deps.now() };
    const decided = await tx
      .update(computeJobs)
      .set(outcome)
      .where(and(isAsked, eq(computeJobs.status, 'waiting')))
      .returning({ id: computeJobs.id });
    return { decided: decided.length, slug: datanet.slug };
  });
}
