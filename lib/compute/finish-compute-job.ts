import { eq } from 'drizzle-orm';
import { computeJobs } from '#db/schema/compute.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { putContent, sha256 } from '#lib/platform/storage/content-address.ts';
import { checkAdapter } from './check-adapter.ts';
import { holdLease } from './hold-lease.ts';
import { type FailComputeInput, type FinishComputeInput, peopleMin } from './schema.ts';

/**
 * Takes what may leave: the adapter, when it is nothing but tensors of the approved recipe, and numbers. Losses are kept back where the
 * version has fewer than ten people, because over few of them they say something about one.
 *
 * @throws {ComputeResultInvalidError | ComputeLeaseLostError | DatanetForbiddenError | NotSignedInError}
 */
export async function finishComputeJob(
  deps: Pick<Deps, 'db' | 'store' | 'now'>,
  actor: Actor,
  { adapter, steps, evalLoss, baseEvalLoss, ...held }: FinishComputeInput,
): Promise<{ adapterSha256: `0x${string}` }> {
  const bytes = new Uint8Array(Buffer.from(adapter, 'base64'));
  const adapterSha256 = sha256(bytes);
  await deps.db.transaction(async (tx) => {
    const job = await holdLease({ ...deps, db: tx }, actor, held);
    checkAdapter(bytes, recipeSchema.parse(job.recipe));
    const [version] = await tx.select().from(datanetVersions).where(eq(datanetVersions.id, job.versionId));
    const isMany = version!.contributorCount >= peopleMin;
    const losses = isMany ? { evalLoss, baseEvalLoss } : { evalLoss: null, baseEvalLoss: null };
    const { key: adapterKey } = await putContent(deps.store, bytes);
    await tx
      .update(computeJobs)
      .set({
        ...{ status: 'done', adapterKey, adapterSha256, endedAt: deps.now(), lease: null, leaseUntil: null },
        aggregates: { rows: version!.rowCount, steps, ...losses },
      })
      .where(eq(computeJobs.id, job.id));
  });
  return { adapterSha256 };
}

/** The worker could not train: a code, never a message, which might quote a row. */
export async function failComputeJob(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { code, ...held }: FailComputeInput,
): Promise<{ id: string }> {
  return deps.db.transaction(async (tx) => {
    const { id } = await holdLease({ ...deps, db: tx }, actor, held);
    const ended = { status: 'failed' as const, error: code, endedAt: deps.now(), lease: null, leaseUntil: null };
    await tx.update(computeJobs).set(ended).where(eq(computeJobs.id, id));
    return { id };
  });
}
