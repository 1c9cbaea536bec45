import { and, desc, eq, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { accessGrants, accessRequests } from '#db/schema/access.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { AccessGrantView, AccessRequestView } from './types.ts';

const pageMax = 200;

/**
 * For the owner: requests that wait, oldest first, and permissions, newest first, also those that ended; at most 200 of each.
 *
 * @throws {DatanetForbiddenError | NotSignedInError}
 */
export async function listAccess(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  datanetId: string,
): Promise<{ requests: AccessRequestView[]; grants: AccessGrantView[] }> {
  const { address } = assertAccount(actor);
  await getOwnedDatanet(deps.db, datanetId, address, 'see who asked for access');
  const requests = await deps.db
    .select()
    .from(accessRequests)
    .where(and(eq(accessRequests.datanetId, datanetId), isNull(accessRequests.decision)))
    .orderBy(accessRequests.id)
    .limit(pageMax);
  const grants = await selectGrants(deps.db)
    .where(eq(accessGrants.datanetId, datanetId))
    .orderBy(desc(accessGrants.id))
    .limit(pageMax);
  return { requests: requests.map(toRequest), grants: grants.map(toGrant) };
}

/** What somebody asked a Datanet for last, and the permission that it led to; null where they never asked. */
export async function findOwnRequest(
  db: DatabaseOrTransaction,
  { datanetId, account }: { datanetId: string; account: string },
): Promise<{ request: AccessRequestView; grant: AccessGrantView | null } | null> {
  const [request] = await db
    .select()
    .from(accessRequests)
    .where(and(eq(accessRequests.datanetId, datanetId), eq(accessRequests.account, account)))
    .orderBy(desc(accessRequests.id))
    .limit(1);
  if (!request) return null;
  const [grant] = await selectGrants(db).where(eq(accessGrants.requestId, request.id));
  return { request: toRequest(request), grant: grant ? toGrant(grant) : null };
}

function selectGrants(db: DatabaseOrTransaction) {
  return db
    .select({ grant: accessGrants, purpose: accessRequests.purpose })
    .from(accessGrants)
    .innerJoin(accessRequests, eq(accessRequests.id, accessGrants.requestId));
}

type Address = `0x${string}`;

function toRequest(row: typeof accessRequests.$inferSelect): AccessRequestView {
  const { id, account, purpose, publicKey, signature, signedAt, createdAt } = row;
  const { decision, decidedBy, decidedAt, reason } = row;
  return {
    ...{ id, purpose, signedAt, createdAt },
    ...{ account: account as Address, publicKey: publicKey as Address, signature: signature as Address },
    decision: decision && decidedBy && decidedAt ? { decision, by: decidedBy as Address, at: decidedAt, reason } : null,
  };
}

function toGrant({ grant, purpose }: { grant: typeof accessGrants.$inferSelect; purpose: string }): AccessGrantView {
  const { id, grantee, grantedBy, createdAt, expiresAt, revokedAt, revokedBy, revokeReason } = grant;
  return {
    ...{ id, purpose, createdAt, expiresAt, grantee: grantee as Address, grantedBy: grantedBy as Address },
    revoked: revokedAt && revokedBy ? { by: revokedBy as Address, at: revokedAt, reason: revokeReason } : null,
  };
}
