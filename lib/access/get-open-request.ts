import { and, eq, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { accessRequests } from '#db/schema/access.ts';
import type { DatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { AccessRequestNotFoundError } from './errors.ts';

/**
 * A request that waits, locked, for the owner of its Datanet. Of somebody else's Datanet it is as if there were none.
 *
 * @throws {AccessRequestNotFoundError | DatanetForbiddenError}
 */
export async function getOpenRequest(
  tx: DatabaseOrTransaction,
  requestId: string,
  owner: string,
): Promise<{ request: typeof accessRequests.$inferSelect; datanet: DatanetTerms }> {
  const [request] = await tx
    .select()
    .from(accessRequests)
    .where(and(eq(accessRequests.id, requestId), isNull(accessRequests.decision)))
    .for('update');
  if (!request) throw new AccessRequestNotFoundError();
  const datanet = await getOwnedDatanet(tx, request.datanetId, owner, 'decide who reads the rows');
  return { request, datanet };
}
