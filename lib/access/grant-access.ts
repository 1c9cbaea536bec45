import { and, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { accessGrants, accessRequests, dataKeyWraps, datanetAccess } from '#db/schema/access.ts';
import { accessGrantTypedData } from '#lib/kernel/access-typed-data.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { checkSignature } from './check-signature.ts';
import { AccessRequestRefusedError } from './errors.ts';
import { getOpenRequest } from './get-open-request.ts';
import { type GrantAccessInput, grantAccessSchema, longestGrantDays } from './schema.ts';

/**
 * Lets somebody read until a day, by the owner's signature (EIP-712) over Datanet, account, request and end. For an encrypted Datanet the
 * owner's browser sends the data key of every era, wrapped for the member: the permission opens the server, the key the rows.
 *
 * @throws {AccessRequestNotFoundError | AccessRequestRefusedError | AccessSignatureInvalidError | DatanetForbiddenError}
 */
export async function grantAccess(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment' | 'now' | 'randomBytes'>,
  actor: Actor,
  raw: GrantAccessInput,
): Promise<{ grantId: string; slug: string }> {
  const { address: grantedBy } = assertAccount(actor);
  const { requestId, expiresAt, signature, wraps } = grantAccessSchema.parse(raw);
  const now = deps.now();
  const days = (expiresAt - now.getTime() / 1000) / 86_400;
  if (days <= 0 || days > longestGrantDays)
    throw new AccessRequestRefusedError(`A permission ends within ${longestGrantDays} days, and not in the past.`);
  return deps.db.transaction(async (tx) => {
    const { request, datanet } = await getOpenRequest(tx, requestId, grantedBy);
    const grantee = request.account as `0x${string}`;
    const message = { datanet: datanet.id, grantee, request: requestId, expiresAt: BigInt(expiresAt) };
    await checkSignature(deps, grantedBy, accessGrantTypedData(deps.deployment.chainId, message), signature);
    await storeWraps(tx, { datanetId: datanet.id, account: grantee, wrappedBy: grantedBy, createdAt: now }, wraps);
    const decided = { decision: 'granted' as const, decidedBy: grantedBy, decidedAt: now };
    await tx.update(accessRequests).set(decided).where(eq(accessRequests.id, requestId));
    const grant = {
      ...{ id: newId(deps, 'accessGrant'), datanetId: datanet.id, requestId, grantee, grantedBy, signature },
      ...{ expiresAt: new Date(expiresAt * 1000), createdAt: now },
    };
    await tx.insert(accessGrants).values(grant);
    return { grantId: grant.id, slug: datanet.slug };
  });
}

type WrapPlace = { datanetId: string; account: string; wrappedBy: string; createdAt: Date };

async function storeWraps(
  tx: DatabaseOrTransaction,
  place: WrapPlace,
  wraps: readonly { era: number; wrapped: string }[],
): Promise<void> {
  const [access] = await tx.select().from(datanetAccess).where(eq(datanetAccess.datanetId, place.datanetId));
  const { rows } = await tx.execute<{ newest: number }>(
    sql`select coalesce(max(era), 0)::int as newest from ${dataKeyWraps} where datanet_id = ${place.datanetId}`,
  );
  const needed = access?.tier === 'encrypted' ? rows[0]!.newest : 0;
  const given = new Set(wraps.map(({ era }) => era));
  const eras = Array.from({ length: needed }, (_, i) => i + 1);
  if ((access?.tier === 'encrypted' && needed === 0) || given.size !== needed || !eras.every((era) => given.has(era)))
    throw new AccessRequestRefusedError('The keys of this Datanet do not fit. Reload the page and grant again.');
  if (needed === 0) return;
  const values = wraps.map((wrap) => ({ ...place, ...wrap }));
  const { datanetId, account } = dataKeyWraps;
  await tx.delete(dataKeyWraps).where(and(eq(datanetId, place.datanetId), eq(account, place.account)));
  await tx.insert(dataKeyWraps).values(values);
}
