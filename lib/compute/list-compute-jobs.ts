import { and, desc, eq } from 'drizzle-orm';
import { computeJobs } from '#db/schema/compute.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { ComputeJobNotFoundError } from './errors.ts';
import type { ComputeJobView } from './types.ts';

type Hex = `0x${string}`;

/** Trainings on a compute-only Datanet, newest first, at most 100: all for its owner, their own for everybody else. */
export async function listComputeJobs(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  datanetId: string,
): Promise<ComputeJobView[]> {
  const { address } = assertAccount(actor);
  const { owner } = await getDatanetTerms(deps.db, datanetId);
  const rows = await deps.db
    .select({ job: computeJobs, versionNumber: datanetVersions.number })
    .from(computeJobs)
    .innerJoin(datanetVersions, eq(datanetVersions.id, computeJobs.versionId))
    .where(
      and(eq(computeJobs.datanetId, datanetId), owner === address ? undefined : eq(computeJobs.requestedBy, address)),
    )
    .orderBy(desc(computeJobs.id))
    .limit(100);
  return rows.map(({ job, versionNumber }) => ({
    ...{ id: job.id, purpose: job.purpose, versionNumber, baseModel: job.baseModel, status: job.status },
    ...{
      requestedBy: job.requestedBy as Hex,
      recipeHash: job.recipeHash as Hex,
      recipe: recipeSchema.parse(job.recipe),
    },
    ...{ aggregates: job.aggregates, adapterSha256: job.adapterSha256 as Hex | null, error: job.error },
    ...{ createdAt: job.createdAt, endedAt: job.endedAt },
  }));
}

/**
 * Where the adapter of a finished training is: for who asked for it and for the owner.
 *
 * @throws {ComputeJobNotFoundError | NotSignedInError}
 */
export async function getComputeAdapter(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  jobId: string,
): Promise<{ key: string; hash: string }> {
  const { address } = assertAccount(actor);
  const [job] = await deps.db.select().from(computeJobs).where(eq(computeJobs.id, jobId));
  if (!job?.adapterKey || !job.adapterSha256) throw new ComputeJobNotFoundError();
  const { owner } = await getDatanetTerms(deps.db, job.datanetId);
  if (address !== job.requestedBy && address !== owner) throw new ComputeJobNotFoundError();
  return { key: job.adapterKey, hash: job.adapterSha256 };
}
