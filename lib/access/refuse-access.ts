import { eq } from 'drizzle-orm';
import { accessRequests } from '#db/schema/access.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getOpenRequest } from './get-open-request.ts';
import type { RefuseAccessInput } from './schema.ts';

/**
 * Says no to a request, with a reason that the person reads. They may ask again.
 *
 * @throws {AccessRequestNotFoundError | DatanetForbiddenError | NotSignedInError}
 */
export async function refuseAccess(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { requestId, reason }: RefuseAccessInput,
): Promise<{ slug: string }> {
  const { address: decidedBy } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const { datanet } = await getOpenRequest(tx, requestId, decidedBy);
    const decided = { decision: 'refused' as const, decidedBy, decidedAt: deps.now(), reason };
    await tx.update(accessRequests).set(decided).where(eq(accessRequests.id, requestId));
    return { slug: datanet.slug };
  });
}
