import { sql } from 'drizzle-orm';
import { computeJobs, computeRecipes } from '#db/schema/compute.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import type { ClaimedJob } from './types.ts';

/** A worker that says nothing for so long has lost the training; each call of it begins the time anew. */
export const leaseSeconds = 120;
const attemptsMax = 3;

/**
 * Gives the oldest queued training of a Datanet to the owner's worker, which signs in with an API key of the owner; one whose worker fell
 * silent as well. Only recipes that are approved now are given out. Null when nothing waits.
 *
 * @throws {DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function claimComputeJob(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: { datanet: string },
): Promise<ClaimedJob | null> {
  const { address } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, input.datanet, address, 'run a worker for it');
  const lease = Buffer.from(deps.randomBytes(24)).toString('base64url');
  const now = deps.now();
  const until = new Date(now.getTime() + leaseSeconds * 1000);
  await deps.db.execute(sql`
    update ${computeJobs} set status = 'failed', error = 'worker_lost', ended_at = ${now.toISOString()}
    where datanet_id = ${datanet.id} and status = 'running' and lease_until < ${now.toISOString()} and attempts >= ${attemptsMax}`);
  const { rows } = await deps.db.execute<{ id: string; base_model: string; recipe: TrainingRecipe; root: string }>(sql`
    update ${computeJobs} j set status = 'running', attempts = attempts + 1, lease = ${sha256(lease)},
      lease_until = ${until.toISOString()}
    from ${datanetVersions} v where v.id = j.version_id and j.id = (
      select c.id from ${computeJobs} c
      join ${computeRecipes} r on r.datanet_id = c.datanet_id and r.recipe_hash = c.recipe_hash and r.decision = 'approved'
      where c.datanet_id = ${datanet.id} and (c.status = 'queued' or (c.status = 'running' and c.lease_until < ${now.toISOString()}))
      order by c.id limit 1 for update of c skip locked)
    returning j.id, j.base_model, j.recipe, v.root`);
  const [job] = rows;
  if (!job) return null;
  const fields = datanet.fields.map(({ name }) => ({ name }));
  const { id, base_model: baseModel, recipe, root } = job;
  return { id, lease, leaseSeconds, baseModel, recipe, fields, versionRoot: root as `0x${string}` };
}
