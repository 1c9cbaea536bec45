import { and, eq, inArray } from 'drizzle-orm';
import { computeJobs, computeRecipes } from '#db/schema/compute.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { RowsClosedError } from '#lib/access/errors.ts';
import { findReadAccess } from '#lib/access/get-read-access.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { ComputeRefusedError } from './errors.ts';
import { recipeHash } from './recipe-hash.ts';
import type { RequestComputeInput } from './schema.ts';
import type { ComputeStatus } from './types.ts';

const openMax = 5;

/**
 * Asks for a training on rows that nobody may read: for members. It is queued for the owner's worker where the owner has approved the
 * recipe before, else it waits for the decision. The same idempotency key asks once.
 *
 * @throws {ComputeRefusedError | RowsClosedError | DatanetNotFoundError | NotSignedInError}
 */
export async function requestCompute(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: RequestComputeInput,
): Promise<{ jobId: string; status: ComputeStatus; slug: string }> {
  const { address: requestedBy } = assertAccount(actor);
  const { id: datanetId, slug } = await getDatanetTerms(deps.db, input.datanetId);
  const { tier, part } = await findReadAccess(deps, actor, datanetId);
  if (tier !== 'compute') throw new ComputeRefusedError('The rows of this Datanet are not compute-only.');
  if (part === 'none') throw new RowsClosedError('compute');
  const { versionId, baseModel, recipe, purpose, idempotencyKey } = input;
  const hash = recipeHash(baseModel, recipe);
  return deps.db.transaction(async (tx) => {
    const mine = eq(computeJobs.requestedBy, requestedBy);
    const [before] = await tx
      .select()
      .from(computeJobs)
      .where(and(mine, eq(computeJobs.idempotencyKey, idempotencyKey)));
    if (before) return { jobId: before.id, status: before.status, slug };
    const [version] = await tx.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
    if (version?.datanetId !== datanetId) throw new ComputeRefusedError('The Datanet has no such version.');
    const open = await tx.$count(computeJobs, and(mine, inArray(computeJobs.status, ['waiting', 'queued', 'running'])));
    if (open >= openMax) throw new ComputeRefusedError(`You have ${open} trainings open. Wait until one has ended.`);
    const [known] = await tx
      .select()
      .from(computeRecipes)
      .where(and(eq(computeRecipes.datanetId, datanetId), eq(computeRecipes.recipeHash, hash)));
    if (known?.decision === 'refused')
      throw new ComputeRefusedError(
        `The owner has refused this recipe: ${known.reason ?? ''} Change it and ask again.`,
      );
    const status = known ? ('queued' as const) : ('waiting' as const);
    const job = {
      ...{
        id: newId(deps, 'computeJob'),
        datanetId,
        versionId,
        requestedBy,
        purpose,
        baseModel,
        recipe,
        idempotencyKey,
      },
      ...{ recipeHash: hash, status, createdAt: deps.now() },
    };
    await tx.insert(computeJobs).values(job);
    return { jobId: job.id, status, slug };
  });
}
