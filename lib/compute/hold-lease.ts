import { and, eq, gt } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { computeJobs } from '#db/schema/compute.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { leaseSeconds } from './claim-compute-job.ts';
import { ComputeLeaseLostError } from './errors.ts';
import type { LeasedJobInput } from './schema.ts';

/**
 * The running training that this worker holds, locked; its time begins anew. The worker is the owner's: a lease that leaks is worth nothing
 * without the owner's key.
 *
 * @throws {ComputeLeaseLostError | DatanetForbiddenError | NotSignedInError}
 */
export async function holdLease(
  deps: Pick<Deps, 'now'> & { db: DatabaseOrTransaction },
  actor: Actor,
  { id, lease }: LeasedJobInput,
): Promise<typeof computeJobs.$inferSelect> {
  const { address } = assertAccount(actor);
  const now = deps.now();
  const leaseUntil = new Date(now.getTime() + leaseSeconds * 1000);
  const [job] = await deps.db
    .update(computeJobs)
    .set({ leaseUntil })
    .where(
      and(
        ...[eq(computeJobs.id, id), eq(computeJobs.status, 'running'), eq(computeJobs.lease, sha256(lease))],
        gt(computeJobs.leaseUntil, now),
      ),
    )
    .returning();
  if (!job) throw new ComputeLeaseLostError();
  await getOwnedDatanet(deps.db, job.datanetId, address, 'run a worker for it');
  return job;
}
