import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { computeJobs } from '#db/schema/compute.ts';
import { datanets, datanetVersions, versionExamples } from '#db/schema/datanets.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { putContent, sha256 } from '#lib/platform/storage/content-address.ts';
import { checkAdapter } from './check-adapter.ts';
import { ComputeResultInvalidError } from './errors.ts';
import { holdLease } from './hold-lease.ts';
import { mayTellLosses } from './may-tell-losses.ts';
import type { FailComputeInput, FinishComputeInput } from './schema.ts';

/**
 * Takes what may leave: the adapter, when it is nothing but tensors of the approved recipe, and numbers. Losses are kept back where they,
 * or a difference to losses that were told before, would be over the rows of fewer than ten people (may-tell-losses.ts).
 *
 * @throws {ComputeResultInvalidError | ComputeLeaseLostError | DatanetForbiddenError | NotSignedInError}
 */
export async function finishComputeJob(
  deps: Pick<Deps, 'db' | 'store' | 'now'>,
  actor: Actor,
  { adapter, steps, evalLoss, baseEvalLoss, heldOut: named, ...held }: FinishComputeInput,
): Promise<{ adapterSha256: `0x${string}` }> {
  const bytes = new Uint8Array(Buffer.from(adapter, 'base64'));
  const adapterSha256 = sha256(bytes);
  await deps.db.transaction(async (tx) => {
    const job = await holdLease({ ...deps, db: tx }, actor, held);
    checkAdapter(bytes, recipeSchema.parse(job.recipe));
    const [version] = await tx.select().from(datanetVersions).where(eq(datanetVersions.id, job.versionId));
    const heldOut = [...new Set(named)].sort();
    await requireOfVersion(tx, job.versionId, heldOut);
    // Two that end at once would not see each other's.
    await tx.select({ id: datanets.id }).from(datanets).where(eq(datanets.id, job.datanetId)).for('no key update');
    const isTold = await mayTellLosses(tx, { datanetId: job.datanetId, heldOut });
    const losses = isTold ? { evalLoss, baseEvalLoss } : { evalLoss: null, baseEvalLoss: null };
    const { key: adapterKey } = await putContent(deps.store, bytes);
    await tx
      .update(computeJobs)
      .set({
        heldOut: isTold ? heldOut : null,
        ...{ status: 'done', adapterKey, adapterSha256, endedAt: deps.now(), lease: null, leaseUntil: null },
        aggregates: { rows: version!.rowCount, steps, ...losses },
      })
      .where(eq(computeJobs.id, job.id));
  });
  return { adapterSha256 };
}

/** Losses over rows that are not in the version would be told as if they were over many people's. */
async function requireOfVersion(
  tx: DatabaseOrTransaction,
  versionId: string,
  heldOut: readonly string[],
): Promise<void> {
  const { rows } = await tx.execute<{ known: number }>(sql`
    select count(*)::int as known from ${versionExamples}
    where version_id = ${versionId} and example_id = any(${sql.param(heldOut)}::text[])`);
  if (rows[0]!.known !== heldOut.length)
    throw new ComputeResultInvalidError('its held-out rows are not of the version');
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
