import { and, eq, isNull } from 'drizzle-orm';
import { accessGrants, dataKeyWraps } from '#db/schema/access.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { AccessGrantNotFoundError } from './errors.ts';
import type { RevokeAccessInput } from './schema.ts';

/**
 * Ends a permission at once: by the owner, or by the member who no longer wants it. The member's wrapped keys go with it. What the
 * member has read stays read; in an encrypted Datanet the owner then starts a new era, so that no later row opens with the old key.
 *
 * @throws {AccessGrantNotFoundError | DatanetForbiddenError | NotSignedInError}
 */
export async function revokeAccess(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { grantId, reason }: RevokeAccessInput,
): Promise<{ datanetId: string; slug: string }> {
  const { address: account } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const [grant] = await tx
      .select()
      .from(accessGrants)
      .where(and(eq(accessGrants.id, grantId), isNull(accessGrants.revokedAt)))
      .for('update');
    if (!grant) throw new AccessGrantNotFoundError();
    const isOwn = grant.grantee === account;
    const datanet = isOwn
      ? await getDatanetTerms(tx, grant.datanetId)
      : await getOwnedDatanet(tx, grant.datanetId, account, 'end somebody’s permission');
    const ended = { revokedBy: account, revokedAt: deps.now(), revokeReason: reason };
    await tx.update(accessGrants).set(ended).where(eq(accessGrants.id, grantId));
    await tx
      .delete(dataKeyWraps)
      .where(and(eq(dataKeyWraps.datanetId, grant.datanetId), eq(dataKeyWraps.account, grant.grantee)));
    return { datanetId: datanet.id, slug: datanet.slug };
  });
}
