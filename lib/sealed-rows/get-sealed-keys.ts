import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { accessGrants, accessRequests, dataKeyWraps, memberKeys } from '#db/schema/access.ts';
import { getReadAccess } from '#lib/access/get-read-access.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import type { KeyHolder, SealedKeys } from './types.ts';

type Hex = `0x${string}`;

/**
 * One's own wrapped keys of a Datanet. Nobody gets another's: they would not open, but say who is in.
 *
 * @throws {RowsClosedError | NotSignedInError}
 */
export async function getSealedKeys(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  datanetId: string,
): Promise<SealedKeys> {
  const { address: account } = assertAccount(actor);
  await getReadAccess(deps, actor, datanetId);
  const { db } = deps;
  const wraps = await db
    .select({ era: dataKeyWraps.era, wrapped: dataKeyWraps.wrapped })
    .from(dataKeyWraps)
    .where(and(eq(dataKeyWraps.datanetId, datanetId), eq(dataKeyWraps.account, account)))
    .orderBy(dataKeyWraps.era);
  const [newest] = await db
    .select({ era: sql<number>`coalesce(max(${dataKeyWraps.era}), 0)::int` })
    .from(dataKeyWraps)
    .where(eq(dataKeyWraps.datanetId, datanetId));
  return {
    ...{ datanetId, account, era: newest!.era },
    wraps: wraps.map(({ era, wrapped }) => ({ era, wrapped: wrapped as Hex })),
  };
}

/** The public half of one's key pair and the backup of the other; null where one has none. @throws {NotSignedInError} */
export async function findMemberKey(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
): Promise<{ publicKey: Hex; backup: Hex } | null> {
  const { address } = assertAccount(actor);
  const [key] = await db.select().from(memberKeys).where(eq(memberKeys.account, address));
  return key ? { publicKey: key.publicKey as Hex, backup: key.backup as Hex } : null;
}

/**
 * For the owner's browser, which wraps a new era's key for them: the members in force, with what each of them signed.
 *
 * @throws {DatanetForbiddenError | NotSignedInError}
 */
export async function listKeyHolders(
  deps: Pick<Deps, 'now'> & { db: DatabaseOrTransaction },
  actor: Actor,
  datanetId: string,
): Promise<KeyHolder[]> {
  const { address } = assertAccount(actor);
  await getOwnedDatanet(deps.db, datanetId, address, 'make new keys');
  const rows = await deps.db
    .select({ request: accessRequests })
    .from(accessGrants)
    .innerJoin(accessRequests, eq(accessRequests.id, accessGrants.requestId))
    .where(
      and(
        eq(accessGrants.datanetId, datanetId),
        isNull(accessGrants.revokedAt),
        gt(accessGrants.expiresAt, deps.now()),
      ),
    );
  return rows.map(({ request: { account, publicKey, purpose, signedAt, signature } }) => ({
    ...{ account: account as Hex, publicKey: publicKey as Hex },
    request: { purpose, signedAt: Math.floor(signedAt.getTime() / 1000), signature: signature as Hex },
  }));
}
